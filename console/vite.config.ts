import optimizeLocales from '@react-aria/optimize-locales-plugin';
import { lingui } from '@lingui/vite-plugin';
import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [
    { ...optimizeLocales.vite({ locales: ['en-US', 'es-ES'] }), enforce: 'pre' },
    react(),
    lingui({ macroTransform: true, failOnMissing: true }),
  ],
  resolve: { alias: { '@': fileURLToPath(new URL('src', import.meta.url)) } },
  build: {
    target: 'es2023',
    assetsInlineLimit: 0, // no data: addresses, so that the policy of the headers need not allow them
    modulePreload: { polyfill: false },
    manifest: true, // the test of how much is loaded first reads it
  },
  test: { environment: 'node', restoreMocks: true, setupFiles: ['src/testing/setup.ts'] },
});
