// socket.io: every message of the Valkey channel to every socket, as an event.
import { createServer } from "node:http";
import { Redis } from "ioredis";
import { Server } from "socket.io";

const [port, valkey] = process.argv.slice(2);
const http = createServer();
const io = new Server(http, { transports: ["websocket"], pingInterval: 600_000 });
http.listen(Number(port), "127.0.0.1");

const subscriber = new Redis(valkey);
await subscriber.subscribe("bench");
subscriber.on("message", (_channel, frame) => io.emit("frame", JSON.parse(frame)));
