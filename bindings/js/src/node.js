/** The package on Node, Deno and Bun. */

import { webcrypto } from "node:crypto";
import { useCrypto } from "./random.js";

useCrypto(webcrypto);

export * from "./index.js";
