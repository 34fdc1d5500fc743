/** The values of `KayakoSignError.status`, which kayako_sign.h explains under `kayako_status`. */
export declare const Status: {
  // Constants from here, by `make header`.
  readonly OK: 0;
  readonly REFUSED: 1;
  readonly BUFFER_TOO_SMALL: 2;
  readonly PANIC: 3;
  readonly OUT_OF_MEMORY: 4;
  readonly NO_RANDOMNESS: 5;

  readonly EMPTY_API_KEY: 10;
  readonly API_KEY_TOO_LONG: 11;
  readonly API_KEY_NOT_UTF8: 12;
  readonly EMPTY_SECRET_KEY: 13;
  readonly SECRET_KEY_TOO_LONG: 14;
  readonly EMPTY_SALT: 15;
  readonly ZERO_SALT: 16;
  readonly SALT_TOO_LONG: 17;
  readonly SALT_NOT_UTF8: 18;
  readonly BATCH_TOO_LARGE: 19;

  readonly URL_TOO_LONG: 30;
  readonly URL_NOT_ABSOLUTE: 31;
  readonly URL_CHARACTER: 32;
  readonly METHOD_UNSUPPORTED: 33;
  readonly CONTENT_TYPE_UNSUPPORTED: 34;
  readonly API_KEY_PARAMETER: 35;
  readonly SALT_PARAMETER: 36;
  readonly SIGNATURE_PARAMETER: 37;
  readonly ROUTE_PARAMETER: 38;
  readonly JSON_WITHOUT_BODY: 39;
  readonly JSON_NOT_OBJECT: 40;
  readonly JSON_INVALID: 41;
  readonly MULTIPART_BOUNDARY: 42;
  readonly MULTIPART_NOT_PLAIN: 43;
  readonly BODY_TOO_LONG: 44;
  readonly ROUTE_MISSING: 45;
  readonly ROUTE_ENCODED: 46;
  readonly ROUTE_SLASH: 47;
  readonly ROUTE_QUESTION_MARK: 48;
  readonly ROUTE_CHARACTER: 49;
  readonly PATH_URL: 50;
  readonly HOSTED_KAYAKO: 51;
  readonly STAFF_API: 52;
  readonly TOO_MANY_PARAMETERS: 53;
  readonly UPLOAD_UNSUPPORTED: 54;

  readonly NULL_SIGNER: 100;
  readonly NULL_API_KEY: 101;
  readonly NULL_SECRET_KEY: 102;
  readonly NULL_SALT: 103;
  readonly NULL_SIGNATURE: 104;
  readonly NULL_OUT: 105;
  readonly NULL_OUT_LEN: 106;
  readonly NULL_METHOD: 107;
  readonly NULL_CONTENT_TYPE: 108;
  readonly NULL_URL: 109;
  readonly NULL_BODY: 110;
  readonly NULL_FORM: 111;
  readonly NULL_TARGET: 112;
  readonly NULL_OFFSET: 113;
  readonly NULL_DIAGNOSIS: 114;
  readonly NULL_UPLOAD: 115;
  readonly NULL_PIECE: 116;
  // Constants to here.
};
