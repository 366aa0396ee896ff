import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    projects: [
      { root: './widget', test: { name: 'widget', environment: 'happy-dom', include: ['test/**/*.test.ts'] } },
      { root: './mydata', test: { name: 'mydata', environment: 'happy-dom', include: ['src/**/*.test.ts'] } },
      { root: './demo', test: { name: 'demo', environment: 'happy-dom', include: ['src/**/*.test.ts'] } },
      {
        root: './admin',
        extends: './admin/vite.config.ts',
        test: { name: 'admin', environment: 'happy-dom', include: ['src/**/*.test.{ts,tsx}'], passWithNoTests: true },
      },
    ],
  },
})
