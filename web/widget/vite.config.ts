import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Lit's templates keep the line breaks and indentation of the source, which shoppers would download; no text of ours needs them. */
const tightTemplates: Plugin = {
  name: 'tight-templates',
  enforce: 'pre',
  transform(code, id) {
    if (!id.startsWith(here('src/')) || !code.includes('html`')) return null
    const tight = code.replace(/([>}])\n\s+(?=<)/g, '$1').replace(/>\n\s+(?=\$\{)/g, '>')
    return { code: tight.replace(/\n\s+/g, '\n'), map: null }
  },
}

// The output maps straight onto the gateway's addresses: /widget.js, and /widget/NAME-HASH.js on demand. What the hash
// stands for never changes, so that browsers keep those files.
export default defineConfig({
  root: here('.'),
  plugins: [tightTemplates],
  build: {
    outDir: here('../dist/widget'),
    emptyOutDir: true,
    target: 'es2022',
    // Newer than the scripts' target, so that light-dark() is kept as it is.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    lib: { entry: here('src/index.ts'), formats: ['es'] },
    rolldownOptions: {
      // Steps that come on demand take what they share from widget.js itself, instead of from one file more.
      preserveEntrySignatures: 'allow-extension',
      output: { entryFileNames: 'widget.js', chunkFileNames: 'widget/[name]-[hash].js', minify: true },
    },
  },
})
