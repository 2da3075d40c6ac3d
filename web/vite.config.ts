import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** `npm run web:dev` serves the page by itself, and asks a running Baton for the rest. */
const api = process.env['BATON_URL'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react()],
  build: { target: 'es2023', sourcemap: false, chunkSizeWarningLimit: 1200, modulePreload: { polyfill: false } },
  server: { proxy: { '/api': api, '/sign-in': api } },
});
