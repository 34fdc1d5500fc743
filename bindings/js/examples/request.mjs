// Signs a GET of a URL, sends it, and prints the answer.
import { Signer } from "kayako-sign";

const signer = Signer.fromEnv();
const response = await signer.fetch(process.argv[2]);
console.log(await response.text());
