/** Servers on loopback: one that records the requests that it receives, and the stand-in helpdesk. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const ROUTE = "/api/index.php?/Base/User/1";

/** A request that arrived. */
class Received {
  constructor({ method, url, headers }, body) {
    Object.assign(this, { method, target: url, headers, body });
  }

  /** Its salts, in the URL and in the body. */
  get salts() {
    const text = this.target + this.body.toString("latin1");
    return [...text.matchAll(/salt(?:=|":"|"\r\n\r\n)([0-9a-f]{32})/g)].map(([, salt]) => salt);
  }
}

/** Starts a server with its own origin. `answer` returns a status, headers and a body for a received request. */
export async function record(answer = () => [200, {}, "done"]) {
  const received = [];
  const server = createServer(async (request, response) => {
    const pieces = [];
    for await (const piece of request) {
      pieces.push(piece);
    }
    received.push(new Received(request, Buffer.concat(pieces)));
    const [status, headers = {}, body = ""] = await recorder.answer(received.at(-1));
    response.writeHead(status, headers).end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${server.address().port}`;
  const recorder = { answer, origin, received, url: origin + ROUTE };
  recorder.close = () => {
    server.closeAllConnections();
    server.close();
  };
  return recorder;
}

/** Starts the stand-in helpdesk, with the keys apikey and secretkey. */
export async function startHelpdesk() {
  const free = await record();
  free.close();
  const { host, hostname, port } = new URL(free.origin);
  const program = fileURLToPath(new URL("../helpdesk/serve.sh", import.meta.url));
  const env = { ...process.env, KAYAKO_API_KEY: "apikey", KAYAKO_SECRET_KEY: "secretkey" };
  const server = spawn(program, [host], { env, stdio: "ignore" });
  for (let tries = 0; tries < 200; tries += 1) {
    const socket = connect(Number(port), hostname);
    const [event] = await Promise.race(
      ["connect", "error"].map((name) =>
        once(socket, name).then(
          () => [name],
          () => ["error"],
        ),
      ),
    );
    socket.destroy();
    if (event === "connect") {
      return { url: free.origin + ROUTE, origin: free.origin, close: () => server.kill() };
    }
    await setTimeout(20);
  }
  server.kill();
  throw new Error("the stand-in helpdesk does not answer");
}
