import { defineConfig } from '@hey-api/openapi-ts';

// The client is generated from the very file that the API serves as GET /openapi.json; it is never committed.
export default defineConfig({
  input: '../layers/reachable/web/openapi.json',
  output: 'src/api/generated',
  logs: { level: 'error' },
  plugins: ['@hey-api/client-fetch', '@hey-api/typescript', '@hey-api/sdk'],
});
