// SPDX-License-Identifier: GPL-2.0-or-later

// One end of a call with pion.
package main

import (
	"bufio"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/pion/webrtc/v3"
	"github.com/pion/webrtc/v3/pkg/media"
)

type config struct {
	URL, Room, Name, Role string
	Media                 []string
	Verify                *bool
}

type message struct {
	Type      string                   `json:"type"`
	SDP       string                   `json:"sdp,omitempty"`
	Candidate *webrtc.ICECandidateInit `json:"candidate,omitempty"`
}

type peer struct {
	config   config
	pc       *webrtc.PeerConnection
	socket   *websocket.Conn
	writing  sync.Mutex
	waiting  []webrtc.ICECandidateInit
	messages int
	log      []string
}

var telling sync.Mutex

func tell(event string, more map[string]interface{}) {
	telling.Lock()
	defer telling.Unlock()
	line := map[string]interface{}{"event": event}
	for key, value := range more {
		line[key] = value
	}
	text, _ := json.Marshal(line)
	fmt.Println(string(text))
}

func must(err error) {
	if err != nil {
		tell("error", map[string]interface{}{"message": err.Error()})
		os.Exit(1)
	}
}

func (p *peer) wants(kind string) bool {
	for _, media := range p.config.Media {
		if media == kind {
			return true
		}
	}
	return false
}

func (p *peer) note(err error) {
	if err != nil {
		p.log = append(p.log, err.Error())
	}
}

func (p *peer) send(value interface{}) {
	p.writing.Lock()
	defer p.writing.Unlock()
	p.note(p.socket.WriteJSON(value))
}

func (p *peer) connect() {
	settings := webrtc.SettingEngine{}
	if p.config.Verify != nil && !*p.config.Verify {
		settings.DisableCertificateFingerprintVerification(true)
	}
	codecs := &webrtc.MediaEngine{}
	must(codecs.RegisterDefaultCodecs())
	api := webrtc.NewAPI(webrtc.WithSettingEngine(settings), webrtc.WithMediaEngine(codecs))
	pc, err := api.NewPeerConnection(webrtc.Configuration{})
	must(err)
	p.pc = pc
	pc.OnConnectionStateChange(func(state webrtc.PeerConnectionState) {
		tell("state", map[string]interface{}{"state": state.String()})
	})
	pc.OnDataChannel(p.talk)
	if p.wants("audio") {
		p.sendSilence()
	}
}

func (p *peer) sendSilence() {
	codec := webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus}
	track, err := webrtc.NewTrackLocalStaticSample(codec, "audio", "pion")
	must(err)
	_, err = p.pc.AddTrack(track)
	must(err)
	go func() {
		for range time.Tick(20 * time.Millisecond) {
			_ = track.WriteSample(media.Sample{Data: []byte{0xf8, 0xff, 0xfe}, Duration: 20 * time.Millisecond})
		}
	}()
}

func (p *peer) talk(channel *webrtc.DataChannel) {
	channel.OnMessage(func(webrtc.DataChannelMessage) { p.messages++ })
	channel.OnOpen(func() {
		for count := 1; count <= 5; count++ {
			p.note(channel.SendText(fmt.Sprintf("hello from %s, %d", p.config.Name, count)))
			time.Sleep(400 * time.Millisecond)
		}
	})
}

func (p *peer) describe(description webrtc.SessionDescription, err error) {
	if err == nil {
		err = p.pc.SetLocalDescription(description)
	}
	p.note(err)
	p.send(message{Type: description.Type.String(), SDP: description.SDP})
}

func (p *peer) remote(kind webrtc.SDPType, sdp string) {
	p.note(p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: kind, SDP: sdp}))
	for _, candidate := range p.waiting {
		p.note(p.pc.AddICECandidate(candidate))
	}
	p.waiting = nil
}

func (p *peer) handle(m message) {
	switch m.Type {
	case "ready":
		if p.config.Role == "offer" {
			if p.wants("data") {
				channel, err := p.pc.CreateDataChannel("chat", nil)
				must(err)
				p.talk(channel)
			}
			p.describe(p.pc.CreateOffer(nil))
		}
	case "offer":
		p.remote(webrtc.SDPTypeOffer, m.SDP)
		p.describe(p.pc.CreateAnswer(nil))
	case "answer":
		p.remote(webrtc.SDPTypeAnswer, m.SDP)
	case "candidate":
		if m.Candidate == nil {
			return
		}
		if p.pc.RemoteDescription() == nil {
			p.waiting = append(p.waiting, *m.Candidate)
		} else {
			p.note(p.pc.AddICECandidate(*m.Candidate))
		}
	}
}

func (p *peer) receive() {
	for {
		var m message
		if p.socket.ReadJSON(&m) != nil {
			return
		}
		p.handle(m)
	}
}

func fingerprints(description *webrtc.SessionDescription) []string {
	found := []string{}
	if description != nil {
		for _, match := range regexp.MustCompile("a=fingerprint:([^\r\n]*)").FindAllStringSubmatch(description.SDP, 1) {
			found = append(found, match[1])
		}
	}
	return found
}

func (p *peer) report() map[string]interface{} {
	return map[string]interface{}{
		"state": p.pc.ConnectionState().String(), "ice": p.pc.ICEConnectionState().String(), "dtls": "1.2",
		"local": fingerprints(p.pc.LocalDescription()), "remote": fingerprints(p.pc.RemoteDescription()),
		"messages": p.messages, "log": p.log,
	}
}

func main() {
	p := &peer{}
	must(json.Unmarshal([]byte(os.Args[1]), &p.config))
	p.connect()
	dialer := websocket.Dialer{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}} // the lab's own certificate
	socket, _, err := dialer.Dial(p.config.URL, nil)
	must(err)
	p.socket = socket
	p.pc.OnICECandidate(func(candidate *webrtc.ICECandidate) {
		if candidate != nil {
			found := candidate.ToJSON()
			p.send(message{Type: "candidate", Candidate: &found})
		}
	})
	p.send(map[string]string{"type": "join", "room": p.config.Room, "name": p.config.Name})
	go p.receive()
	tell("ready", nil)
	for words := bufio.NewScanner(os.Stdin); words.Scan(); {
		switch words.Text() {
		case "report":
			tell("report", map[string]interface{}{"report": p.report()})
		case "quit":
			_ = p.pc.Close()
			_ = p.socket.Close()
			tell("quit", nil)
			return
		}
	}
}
