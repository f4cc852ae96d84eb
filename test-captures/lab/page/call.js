// SPDX-License-Identifier: GPL-2.0-or-later
// One end of a call by the W3C's interface: the same code in browsers and in the stacks for Node that follow it.
(function (root) {
    'use strict';

    const fingerprints = description =>
        [...new Set(((description && description.sdp) || '').match(/^a=fingerprint:[^\r\n]*/gm) || [])]
            .map(line => line.slice('a=fingerprint:'.length));

    class Call {
        /** config: role, name, media, iceServers, relayOnly, tcpOnly, noBundle; tracks: what to send. */
        constructor(pc, config, tracks) {
            Object.assign(this, { pc, config, waiting: [], messages: 0, log: [] });
            for (const track of tracks)
                pc.addTrack(track.track || track, ...(track.streams || []));
            pc.ondatachannel = event => this.talk(event.channel);
            pc.onicecandidate = event => this.candidateFound(event.candidate);
            pc.onconnectionstatechange = () => this.note(`connection ${pc.connectionState}`);
            pc.oniceconnectionstatechange = () => this.note(`ice ${pc.iceConnectionState}`);
        }

        note(text) {
            this.log.push(text);
        }

        candidateFound(candidate) {
            if (!candidate || (this.config.tcpOnly && !/ tcp /i.test(candidate.candidate)))
                return;
            this.send({ type: 'candidate', candidate: candidate.toJSON ? candidate.toJSON() : candidate });
        }

        talk(channel) {
            let count = 0;
            const say = () => {
                const timer = setInterval(() => {
                    if (channel.readyState !== 'open' || ++count > 5)
                        clearInterval(timer);
                    else
                        channel.send(`hello from ${this.config.name}, ${count}`);
                }, 400);
            };
            channel.onmessage = () => this.messages++;
            channel.onopen = say;
            if (channel.readyState === 'open')
                say();
        }

        async offer(options) {
            const description = await this.pc.createOffer(options);
            await this.pc.setLocalDescription(description);
            let { sdp } = this.pc.localDescription;
            if (this.config.noBundle)
                sdp = sdp.replace(/^a=group:BUNDLE.*\r\n/m, '');
            this.send({ type: 'offer', sdp });
        }

        /** Takes the other end's description, and the candidates of that end that came before it. */
        async remote({ type, sdp, from }) {
            this.partner = from;
            await this.pc.setRemoteDescription({ type, sdp });
            for (const message of this.waiting.splice(0))
                if (message.from === from)
                    await this.pc.addIceCandidate(message.candidate);
        }

        async receive(message) {
            try {
                await this.handle(message);
            } catch (error) {
                this.note(`${message.type}: ${error}`);
            }
        }

        async handle(message) {
            if (message.type === 'ready' && this.config.role === 'offer' && !this.started) {
                this.started = true;
                if (this.config.media.includes('data'))
                    this.talk(this.pc.createDataChannel('chat'));
                await this.offer();
            } else if (message.type === 'offer') {
                await this.remote(message);
                await this.answer();
            } else if (message.type === 'answer' && this.config.provisional) {
                this.pc.close(); // another one has taken the call
            } else if (message.type === 'answer' || message.type === 'pranswer') {
                // Where an offer goes to several, the first answer wins; a provisional one does not end the choice.
                if (!['stable', 'have-remote-offer'].includes(this.pc.signalingState))
                    await this.remote(message);
            } else if (message.type === 'candidate' && message.candidate) {
                if (!this.pc.remoteDescription)
                    this.waiting.push(message);
                else if (message.from === this.partner)
                    await this.pc.addIceCandidate(message.candidate);
            }
        }

        /** At once, or after so many seconds; or provisionally, as a telephone that rings and already talks. */
        async answer() {
            const { provisional, answerAfter = 0 } = this.config;
            await new Promise(resolve => setTimeout(resolve, answerAfter * 1000));
            const answer = await this.pc.createAnswer();
            const type = provisional ? 'pranswer' : 'answer';
            await this.pc.setLocalDescription(provisional ? { type, sdp: answer.sdp } : answer);
            this.send({ type, sdp: this.pc.localDescription.sdp });
        }

        restartIce() {
            return this.offer({ iceRestart: true });
        }

        /** One more stream: a new offer with the same ICE credentials and certificate. */
        async renegotiate() {
            this.pc.addTransceiver('audio', { direction: 'recvonly' });
            await this.offer();
        }

        report() {
            return Call.report(this.pc, { messages: this.messages, log: this.log });
        }

        /** What an endpoint knows of its call. */
        static async report(pc, more) {
            const report = {
                state: pc.connectionState, ice: pc.iceConnectionState,
                local: fingerprints(pc.localDescription), remote: fingerprints(pc.remoteDescription), ...more,
            };
            let stats = [];
            try { stats = [...(await pc.getStats()).values()]; } catch { /* not every stack has them */ }
            const transport = stats.find(item => item.type === 'transport');
            if (transport) {
                const versions = { FEFD: '1.2', FEFC: '1.3' };
                report.dtls = versions[transport.tlsVersion];
                report.cipher = transport.dtlsCipher;
                report.srtp = transport.srtpCipher;
                const certificate = stats.find(item => item.id === transport.localCertificateId);
                if (certificate)
                    report.certificate = `${certificate.fingerprintAlgorithm} ${certificate.fingerprint}`;
            }
            const packets = stats.filter(item => item.type === 'inbound-rtp').map(item => item.packetsReceived);
            report.received = packets.reduce((sum, count) => sum + (count || 0), 0);
            return report;
        }
    }

    root.Call = Call;
    if (typeof module !== 'undefined')
        module.exports = { Call };
})(typeof window === 'undefined' ? globalThis : window);
