/** The ways in which files come into a room: by button, drop or paste. */
import { type Place, part } from '../page/room-context.ts';

const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

const listenToDrops = ({ element, signal }: Place, take: (files: Iterable<File>) => void): void => {
  element.addEventListener(
    'dragover',
    (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      element.classList.add('dropping');
    },
    { signal },
  );
  element.addEventListener('dragleave', () => element.classList.remove('dropping'), { signal });
  element.addEventListener(
    'drop',
    (event) => {
      element.classList.remove('dropping');
      if (!hasFiles(event)) return;
      event.preventDefault();
      take(event.dataTransfer?.files ?? []);
    },
    { signal },
  );
};

export const listenToFiles = (place: Place, take: (files: Iterable<File>) => void): void => {
  const { signal } = place;
  const picker = part('files') as HTMLInputElement;
  picker.addEventListener(
    'change',
    () => {
      take(picker.files ?? []);
      picker.value = '';
    },
    { signal },
  );
  document.addEventListener(
    'paste',
    (event) => {
      const { files, types } = event.clipboardData ?? new DataTransfer();
      // Beside a text, plain and formatted, office programs give a picture of it: then it is the text that is meant.
      if (files.length === 0 || (types.includes('text/plain') && types.includes('text/html'))) return;
      event.preventDefault();
      take(files);
    },
    { signal },
  );
  listenToDrops(place, take);
};
