/** Files that the reader picks, drops or pastes. */
import { requireElement } from '../page/elements.ts';
import type { RoomContext } from '../page/room-context.ts';

export interface FileInputDeps {
  readonly context: Pick<RoomContext, 'element' | 'signal'>;
  take(files: Iterable<File>): void;
}

const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

const watchDrops = ({ context, take }: FileInputDeps): void => {
  const { element, signal } = context;
  const onDragOver = (event: DragEvent): void => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    element.classList.add('dropping');
  };
  const endDrag = (): void => element.classList.remove('dropping');
  const onDrop = (event: DragEvent): void => {
    endDrag();
    if (!hasFiles(event)) return;
    event.preventDefault();
    take(event.dataTransfer?.files ?? []);
  };
  element.addEventListener('dragover', onDragOver, { signal });
  element.addEventListener('dragleave', endDrag, { signal });
  element.addEventListener('drop', onDrop, { signal });
};

export const watchFileInput = (deps: FileInputDeps): void => {
  const { context, take } = deps;
  const { signal } = context;
  const picker = requireElement('files') as HTMLInputElement;
  const onPick = (): void => {
    take(picker.files ?? []);
    picker.value = '';
  };
  const onPaste = (event: ClipboardEvent): void => {
    const { files, types } = event.clipboardData ?? new DataTransfer();
    // Office programs add a picture of the copied text. With plain and formatted text in the clipboard, the text is meant.
    if (files.length === 0 || (types.includes('text/plain') && types.includes('text/html'))) return;
    event.preventDefault();
    take(files);
  };
  picker.addEventListener('change', onPick, { signal });
  document.addEventListener('paste', onPaste, { signal });
  watchDrops(deps);
};
