// SPDX-License-Identifier: GPL-2.0-or-later
// Real clients and servers over loopback: reads a list of exchanges as JSON from standard input, holds them one after the
// other by Node's http and Debian's node-ws, and prints the two ports of each.
"use strict";
const http = require("http");
const http2 = require("http2");
const net = require("net");
const {WebSocket, WebSocketServer} = require("ws");

const bytes = (text) => Buffer.from(text || "", "base64");
const used = new Set(); // ports; each is of one exchange, so that it can be told by them what it is
const open = []; // servers that keep their port to the end

async function listening(server) {
  for (;;) {
    await new Promise((done) => server.listen(0, "127.0.0.1", done));
    const port = server.address().port;
    if (!used.has(port)) return port;
    await new Promise((done) => server.close(done));
  }
}

async function overWebSocket(item) {
  const server = http.createServer();
  const acceptor = new WebSocketServer({server, perMessageDeflate: Boolean(item.deflate),
    handleProtocols: (offered) => [...offered][0]});
  const accepted = new Promise((done) => acceptor.on("connection", done));
  const port = await listening(server);
  const client = new WebSocket(`ws://127.0.0.1:${port}${item.url}`, item.subprotocol ? [item.subprotocol] : [],
    {perMessageDeflate: Boolean(item.deflate), headers: item.headers || {}});
  await new Promise((done, failed) => client.on("open", done).on("error", failed));
  const remote = await accepted;
  const local = client._socket.localPort;
  for (const frame of item.frames) {
    const [speaker, listener] = frame.from === "server" ? [remote, client] : [client, remote];
    const received = new Promise((done) => listener.once("message", done));
    speaker.send(frame.binary ? bytes(frame.data) : bytes(frame.data).toString("utf8"), {binary: Boolean(frame.binary)});
    await received;
  }
  const closed = new Promise((done) => remote.once("close", done));
  client.close();
  await closed;
  server.close();
  return [local, port];
}

async function overHttp(item) {
  const server = http.createServer((request, response) => {
    request.resume().on("end", () => {
      response.writeHead(item.status || 200, item.answerHeaders || {});
      response.end(bytes(item.answer));
    });
  });
  const port = await listening(server);
  const local = await new Promise((done, failed) => {
    const body = bytes(item.body);
    const request = http.request({host: "127.0.0.1", port, agent: false, path: item.url, method: item.method,
      headers: {...item.headers, ...(body.length ? {"Content-Length": body.length} : {})}});
    request.on("response", (response) => {
      const used = response.socket.localPort;
      response.resume().on("end", () => done(used));
    }).on("error", failed);
    request.end(body);
  });
  server.close();
  return [local, port];
}

// In clear, without an upgrade from HTTP/1.1 (RFC 9113 3.3).
async function overHttp2(item) {
  const server = http2.createServer();
  server.on("stream", (stream) => {
    stream.resume().on("end", () => {
      stream.respond({":status": item.status || 200, ...item.answerHeaders});
      stream.end(bytes(item.answer));
    });
  });
  const port = await listening(server);
  const client = http2.connect(`http://127.0.0.1:${port}`);
  await new Promise((done, failed) => client.on("connect", done).on("error", failed));
  const local = client.socket.localPort;
  const stream = client.request({":method": item.method, ":path": item.url, ...item.headers}, {endStream: false});
  stream.end(bytes(item.body));
  await new Promise((done, failed) => stream.resume().on("end", done).on("error", failed));
  await new Promise((done) => client.close(done));
  server.close();
  return [local, port];
}

// Each frame in pieces of `cut` bytes, each of which the other end has before the next is sent.
async function overTcp(item) {
  const heard = [0, 0], waiting = [null, null];
  const listen = (socket, end) => socket.setNoDelay(true).on("data", (data) => {
    heard[end] += data.length;
    if (waiting[end]) waiting[end]();
  });
  const server = net.createServer();
  const accepted = new Promise((done) => server.on("connection", done));
  const port = await listening(server);
  const client = net.connect(port, "127.0.0.1");
  await new Promise((done) => client.on("connect", done));
  const local = client.localPort;
  const ends = [client, await accepted];
  ends.forEach(listen);
  const wanted = [0, 0];
  for (const frame of item.frames) {
    const [speaker, listener] = frame.from === "server" ? [1, 0] : [0, 1];
    const data = bytes(frame.data), cut = item.cut || data.length;
    for (let at = 0; at < data.length; at += cut) {
      const piece = data.subarray(at, at + cut);
      wanted[listener] += piece.length;
      ends[speaker].write(piece);
      while (heard[listener] < wanted[listener]) await new Promise((done) => { waiting[listener] = done; });
    }
  }
  const closed = new Promise((done) => ends[1].on("close", done));
  ends[1].on("end", () => ends[1].end());
  client.end();
  await closed;
  open.push(server);
  return [local, port];
}

async function main() {
  const chunks = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  const ways = {ws: overWebSocket, http: overHttp, http2: overHttp2, tcp: overTcp};
  for (const item of JSON.parse(Buffer.concat(chunks).toString("utf8"))) {
    const ports = await ways[item.way](item);
    ports.forEach((port) => used.add(port));
    console.log(JSON.stringify({id: item.id, ports}));
  }
  open.forEach((server) => server.close());
}

main().catch((error) => { console.error(error); process.exit(1); });
