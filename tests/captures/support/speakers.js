// SPDX-License-Identifier: GPL-2.0-or-later
// Real clients and servers over loopback: reads a list of exchanges as JSON from standard input, holds them one after the
// other by Node's http and Debian's node-ws, and prints the two ports of each.
"use strict";
const http = require("http");
const net = require("net");
const {WebSocket, WebSocketServer} = require("ws");

const bytes = (text) => Buffer.from(text || "", "base64");
const listening = (server) => new Promise((done) => server.listen(0, "127.0.0.1", () => done(server.address().port)));

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

async function overTcp(item) {
  let got;
  const heard = new Promise((done) => { got = done; });
  const server = net.createServer((socket) => {
    socket.on("data", () => {});
    socket.on("end", () => { socket.end(); got(); });
  });
  const port = await listening(server);
  const client = net.connect(port, "127.0.0.1");
  await new Promise((done) => client.on("connect", done));
  const local = client.localPort;
  for (const frame of item.frames) {
    await new Promise((done) => client.write(bytes(frame.data), done));
  }
  client.end();
  await heard;
  server.close();
  return [local, port];
}

async function main() {
  const chunks = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  const ways = {ws: overWebSocket, http: overHttp, tcp: overTcp};
  for (const item of JSON.parse(Buffer.concat(chunks).toString("utf8"))) {
    console.log(JSON.stringify({id: item.id, ports: await ways[item.way](item)}));
  }
}

main().catch((error) => { console.error(error); process.exit(1); });
