// Reads a mini-program package with WeChat's own compilers of markup and styles, wcc and wcsc. Prints what they refuse.
// usage: NODE_PATH=client/worker/node_modules node official_compilers.cjs PACKAGE
const compiler = require('miniprogram-compiler')

const folder = process.argv[2]
for (const name of ['wxmlToJs', 'wxssToJs']) {
  try {
    if (!compiler[name](folder)) throw new Error('nothing came out')
  } catch (refusal) {
    console.log(`${name}: ${refusal.message || refusal}`)
    process.exitCode = 1
  }
}
