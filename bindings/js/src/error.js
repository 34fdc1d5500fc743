/** KayakoSignError, the one error class of the package. */

export class KayakoSignError extends Error {
  /** The number that the C library gives the error; null if it is not the library's. */
  status;

  constructor(message, status = null, options = undefined) {
    super(message, options);
    this.status = status;
  }
}

// On the prototype, so that it is not printed as a property. As a string, so that no bundler shortens it.
Object.defineProperty(KayakoSignError.prototype, "name", {
  value: "KayakoSignError",
  configurable: true,
  writable: true,
});
