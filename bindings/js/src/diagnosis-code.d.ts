/** The values of `Diagnosis.code`, which kayako_sign.h explains under `kayako_diagnosis`. */
export declare const DiagnosisCode: {
  // Constants from here, by `make header`.
  readonly GOOD: 0;
  readonly PLUS_LOST: 1;
  readonly WHITESPACE_AROUND: 2;
  readonly PATH_URL: 3;
  readonly FIELDS_NOT_READ: 4;

  readonly URL_ENCODED: 10;
  readonly URL_SAFE_ALPHABET: 11;
  readonly PADDING_MISSING: 12;
  readonly SPACE_AROUND: 13;
  readonly BASE64_OF_HEX: 14;
  readonly HEX_DIGEST: 15;
  readonly PLAIN_HASH: 16;
  readonly SECRET_DECODED: 17;
  readonly NEWLINE_BEHIND_SECRET: 18;
  readonly KEYS_SWAPPED: 19;
  readonly SALT_AS_KEY: 20;
  readonly NOT_A_SIGNATURE: 21;
  readonly ANOTHER_SIGNATURE: 22;
  readonly ANOTHER_HASH: 23;
  readonly BYTE_ORDER_MARK_BEFORE_SECRET: 24;

  readonly CREDENTIALS_MISSING: 30;
  readonly CREDENTIALS_IN_QUERY: 31;
  readonly CREDENTIALS_IN_BODY: 32;
  readonly CREDENTIALS_IN_OTHER_TYPE: 33;
  readonly CREDENTIALS_IN_PATH: 34;
  readonly CREDENTIALS_IN_FRAGMENT: 35;
  readonly JSON_WITHOUT_BODY: 36;
  readonly JSON_UNREADABLE: 37;
  readonly TOO_MANY_PARAMETERS: 38;
  readonly AMPERSAND_ESCAPED: 39;
  readonly API_KEY_MISSING: 40;
  readonly API_KEY_EMPTY: 41;
  readonly API_KEY_ARRAY: 42;
  readonly API_KEY_REPEATED: 43;
  readonly ANOTHER_API_KEY: 44;

  readonly SALT_MISSING: 50;
  readonly SALT_EMPTY: 51;
  readonly SALT_ARRAY: 52;
  readonly SALT_REPEATED: 53;
  readonly SALT_ZERO: 54;

  readonly SIGNATURE_MISSING: 60;
  readonly SIGNATURE_EMPTY: 61;
  readonly SIGNATURE_ARRAY: 62;
  readonly SIGNATURE_REPEATED: 63;

  readonly ROUTE_MISSING: 70;
  readonly ROUTE_ENCODED: 71;
  readonly ROUTE_SLASH: 72;
  readonly ROUTE_QUESTION_MARK: 73;
  readonly ROUTE_CHARACTER: 74;
  readonly PATH_URL_QUERY: 75;
  readonly PATH_ESCAPE: 76;
  readonly PATH_CONTROL: 77;
  readonly HOSTED_KAYAKO: 78;
  readonly STAFF_API: 79;
  readonly METHOD_UNKNOWN: 80;
  // Constants to here.
};
