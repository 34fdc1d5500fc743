// Prints credentials for one request: with the salt that is given, or a fresh one.
import { Signer } from "kayako-sign";

const signer = Signer.fromEnv();
console.log(signer.query(process.argv[2]));
