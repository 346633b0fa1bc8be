// npm's ws: every message of the Valkey channel to every socket.
import { Redis } from "ioredis";
import { WebSocketServer } from "ws";

const [port, valkey] = process.argv.slice(2);
const server = new WebSocketServer({ host: "127.0.0.1", port: Number(port), perMessageDeflate: false });
server.on("connection", (socket) => socket.on("message", () => {}));

const subscriber = new Redis(valkey);
await subscriber.subscribe("bench");
subscriber.on("message", (_channel, frame) => {
  for (const socket of server.clients) socket.send(frame);
});
