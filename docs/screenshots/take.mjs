// Takes the pictures in docs/images: the workflow in n8n's editor after a run, and the panel of each node.
//
//   script/server --n8n                                  # in another terminal
//   apt-get install chromium pngquant; npm ci --prefix docs/screenshots
//   node docs/screenshots/take.mjs [--editor http://127.0.0.1:5678] [--owner var/n8n/owner.json]
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const { values } = parseArgs({ options: {
  editor: { type: 'string', default: 'http://127.0.0.1:5678' },
  owner: { type: 'string', default: path.join(root, 'var/n8n/owner.json') },
} });
const { email, password } = JSON.parse(readFileSync(values.owner, 'utf8'));
const { id } = JSON.parse(readFileSync(path.join(root, 'workflows/viral-detection-pipeline.json'), 'utf8'));
const panels = ['TikTok Scraper', 'NANDA Trend Analyzer', 'NANDA Audience Predictor', 'Financial Model', 'Mission Control'];

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const context = await browser.newContext({ viewport: { width: 1600, height: 900 }, colorScheme: 'light' });

async function keep(what, name) {
  const file = path.join(root, 'docs/images', `${name}.png`);
  await what.screenshot({ path: file });
  const { status } = spawnSync('pngquant', ['--force', '--strip', '--speed', '1', '--ext', '.png', '64', file], { stdio: 'inherit' });
  if (status !== 0) throw new Error('pngquant is needed: apt-get install pngquant');
  console.log(path.relative(root, file));
}

try {
  const login = await context.request.post(`${values.editor}/rest/login`, { data: { emailOrLdapLoginId: email, password } });
  if (!login.ok()) throw new Error(`n8n refuses its owner: ${await login.text()}`);
  const page = await context.newPage();
  await page.goto(`${values.editor}/workflow/${id}`);
  await page.waitForSelector('[data-test-id="canvas-node"]');
  await page.waitForTimeout(1500);
  await page.locator('[data-test-id="execute-workflow-button"]').first().click();
  await page.waitForFunction((count) => document.querySelectorAll('[data-test-id="canvas-node-status-success"]').length >= count, 7, { timeout: 60000 });
  await page.waitForTimeout(6000); // until the message about the run has gone
  await page.locator('.vue-flow__pane').click({ position: { x: 20, y: 20 } });
  await page.keyboard.press('1'); // zoom to fit
  await page.waitForTimeout(1200);
  await keep(page, 'n8n-workflow');
  for (const name of panels) {
    await page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`).dblclick();
    await page.waitForSelector('[data-test-id="node-parameters"]');
    await page.locator(`[data-test-id="radio-button-${name === 'Mission Control' ? 'table' : 'schema'}"]`).last().click();
    await page.mouse.move(800, 20);
    await page.waitForTimeout(1500);
    await keep(page.locator('[data-test-id="ndv"]'), `n8n-${name.toLowerCase().replaceAll(' ', '-')}`);
    await page.keyboard.press('Escape');
    await page.waitForTimeout(800);
  }
} finally {
  await browser.close();
}
