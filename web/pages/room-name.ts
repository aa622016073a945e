/** The rules for a new room: its name, and the id that is made of it. Pure. */
import { isBlank } from '@parley/kit/text/blank';

const MAX_NAME = 80;
const MAX_ID = 50;

/** The name without a leading `#`, runs of spaces and invisible characters. Empty when nothing visible is left. */
export const tidyRoomName = (name: string): string => {
  const tidy = [
    ...name
      .normalize('NFC')
      .replace(/[\p{C}\s]+/gu, (run) => (/^[\u200c\u200d]+$/.test(run) ? run : ' '))
      .trim()
      .replace(/^#+\s*/, ''),
  ]
    .slice(0, MAX_NAME)
    .join('')
    .trim();
  return isBlank(tidy) ? '' : tidy;
};

/** `Café & Küche` becomes `cafe-kuche`; a name without Latin letters or digits gets a random id. */
export const roomIdOf = (name: string): string => {
  const words = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9._]+/g, '-');
  const id = words.slice(0, MAX_ID).replace(/^[-.]+|[-.]+$/g, '');
  return /[a-z0-9]/.test(id) ? id : `room-${crypto.randomUUID().slice(0, 8)}`;
};
