import { defineConfig } from '@lingui/cli';

/** The words of a feature lie with it and are loaded with its pages; those of the frame with the frame. */
export default defineConfig({
  sourceLocale: 'en',
  locales: ['en', 'es'],
  catalogs: [
    { path: '<rootDir>/src/words/{locale}', include: ['src/app', 'src/components'] },
    { path: '<rootDir>/src/features/{name}/words/{locale}', include: ['src/features/{name}'] },
  ],
  orderBy: 'message',
});
