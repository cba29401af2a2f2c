// Drives a headless Chromium by commands on standard input, until its end.
//
// usage: browser.js CHROMIUM
//
// A command is a line of JSON: {"number", "tab", "action", "argument"}; `action` is one of ACTIONS
// or "close". The response has the same number and the state of the tab after the action. Commands
// to different tabs run concurrently.

const readline = require("readline");
const { chromium } = require("playwright-core");

// Milliseconds, long enough for a computer under load.
const TIMEOUT = 60_000;

async function pageState(page, response, error) {
  return {
    url: page.url(),
    error: error ? error.message.split("\n")[0] : null,
    status: response ? response.status() : null,
    headers: response ? await response.allHeaders() : {},
    title: await page.title(),
    body: await page.evaluate(() => document.body.id),
    text: await page.evaluate(() => document.body.innerText),
    scheme: await page.evaluate(() => getComputedStyle(document.body).colorScheme),
  };
}

// Starts an action that loads another page and waits for that page, which may be an error page of
// the browser.
async function navigate(page, start) {
  const loading = page.waitForNavigation({ waitUntil: "load" });
  const [loaded, started] = await Promise.allSettled([loading, start()]);
  return pageState(page, loaded.value, loaded.reason ?? started.reason);
}

const ACTIONS = {
  open: (page, url) => navigate(page, () => page.goto(url)),
  click: (page, selector) => navigate(page, () => page.click(selector)),
  back: (page) => navigate(page, () => page.goBack()),
  forward: (page) => navigate(page, () => page.goForward()),
  reload: (page) => navigate(page, () => page.reload()),
  async type(page, { into, text }) {
    await page.fill(into, text);
    return pageState(page);
  },
};

async function main(executablePath) {
  const args = [
    // Only loopback addresses resolve.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
  ];
  // Chromium's sandbox does not start as root, the user in a container.
  const chromiumSandbox = process.getuid() !== 0;
  const options = { executablePath, args, chromiumSandbox, timeout: TIMEOUT };
  const browser = await chromium.launch(options);
  const context = await browser.newContext({ viewport: { width: 800, height: 500 } });
  context.setDefaultTimeout(TIMEOUT);
  const tabs = new Map();

  async function run({ tab, action, argument }) {
    if (action === "close") {
      await (await tabs.get(tab)).close();
      tabs.delete(tab);
      return {};
    }
    if (!tabs.has(tab)) tabs.set(tab, context.newPage());
    return ACTIONS[action](await tabs.get(tab), argument);
  }

  const lines = readline.createInterface({ input: process.stdin });
  lines.on("line", async (line) => {
    const command = JSON.parse(line);
    const response = await run(command).catch((error) => ({ failed: error.message }));
    console.log(JSON.stringify({ number: command.number, ...response }));
  });
  lines.on("close", async () => {
    setTimeout(() => process.exit(1), 10_000).unref();
    await browser.close();
    process.exit(0);
  });
  console.log(JSON.stringify({ version: browser.version() }));
}

main(process.argv[2]).catch((error) => {
  console.error(error.message);
  process.exit(1);
});
