/**
 * Small downloads, gathered in memory: Bun states the length of a body only when it has all of it, or a file on disk; streams go out
 * in chunks. What a slow reader hasn't taken yet is in memory as long, so all together have a budget; beyond it they are streamed.
 */
import type { ObjectBody } from '../objects/store.ts';

export interface Gathering {
  hasRoom(size: number): boolean;
  /** The bytes in one piece, or as a file on disk. */
  gather(open: () => Promise<ObjectBody>, size: number): Promise<Blob | ArrayBuffer>;
}

const BUDGET_BYTES = 64 * 1_024 * 1_024;

export const createGathering = (maxBytes: number, budgetBytes = BUDGET_BYTES): Gathering => {
  let heldBytes = 0;
  // Nothing tells when an answer has been sent. Its bytes are garbage then, which is what frees their memory anyway.
  const sent = new FinalizationRegistry<number>((size) => {
    heldBytes -= size;
  });

  return {
    hasRoom: (size) => size <= maxBytes && heldBytes + size <= budgetBytes,
    gather: async (open, size) => {
      heldBytes += size;
      try {
        const body = await open();
        if (body instanceof Blob) {
          heldBytes -= size;
          return body;
        }
        const bytes = await new Response(body).arrayBuffer();
        sent.register(bytes, size);
        return bytes;
      } catch (error) {
        heldBytes -= size;
        throw error;
      }
    },
  };
};
