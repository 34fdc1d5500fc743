/** Signs requests for the REST API of Kayako Classic. */

export { DiagnosisCode } from "./diagnosis-code.js";
export { KayakoSignError } from "./error.js";
export { generateSalt, Signer } from "./signer.js";
export { Status } from "./status.js";
