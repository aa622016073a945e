/** What each image adds to its base, in MB (millions of bytes). `docs/operating.md` shows these; a test fails when one grows by a tenth. */
export const imageSizes = {
  chat: 118.0,
  presence: 117.2,
  notification: 118.3,
  file: 119.8,
  web: 117.8,
} as const;
