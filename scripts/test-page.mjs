import { existsSync } from 'node:fs'
import { installByApt, node, orFail, run, setup } from './setup.mjs'

// Drives the web page by a real browser.

await orFail(() => {
  setup()
  installByApt(['chromium', 'fonts-liberation'], () => existsSync('/usr/bin/chromium'))
  run(node, ['scripts/build-page.mjs', 'functions/gateway/web'])
  run(node, ['--import', 'tsx', 'tests/run.ts', 'page'])
})
