import { Elysia } from 'elysia';

/** Keeps a route out of the API's document: pages are for people. */
export const hidden = { detail: { hide: true } } as const;

/** @param name of the file, which tells the framework's plugins apart */
export const pageRoutes = (name: string) => new Elysia({ name: `pages/${name}` });
