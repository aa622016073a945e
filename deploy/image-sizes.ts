/** What each image adds to its base, in MB (millions of bytes). `docs/operating.md` shows these; a test fails when one grows by a tenth. */
export const imageSizes = {
  chat: 118,
  presence: 118,
  notification: 118,
  file: 120,
  web: 118,
} as const;
