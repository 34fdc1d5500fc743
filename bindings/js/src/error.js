/** The one error of the package. */

export class KayakoSignError extends Error {
  /** The number that the C library gives it; null where it is not the library's. */
  status;

  constructor(message, status = null, options = undefined) {
    super(message, options);
    this.status = status;
  }
}

// On the prototype, so that it is no property to print, and stays where a bundler shortens names.
Object.defineProperty(KayakoSignError.prototype, "name", {
  value: "KayakoSignError",
  configurable: true,
  writable: true,
});
