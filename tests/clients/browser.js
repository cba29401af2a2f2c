// A browser whose user does what the lines of standard input say, until that ends.
//
// usage: browser.js CHROMIUM
//
// A line is {"number", "tab", "do", "with"}; `do` is one of ACTIONS below or "close". The answer
// has the same number and says what the tab shows then. What different tabs do goes on side by
// side.

const readline = require("readline");
const { chromium } = require("playwright-core");

// Long enough for a computer that does much else.
const PATIENCE = 60_000;

async function shown(page, response, error) {
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

// Does something that leads to another page, which may be an error page of the browser.
async function going(page, start) {
  const arrival = page.waitForNavigation({ waitUntil: "load" });
  const [arrived, started] = await Promise.allSettled([arrival, start()]);
  return shown(page, arrived.value, arrived.reason ?? started.reason);
}

const ACTIONS = {
  open: (page, url) => going(page, () => page.goto(url)),
  click: (page, selector) => going(page, () => page.click(selector)),
  back: (page) => going(page, () => page.goBack()),
  forward: (page) => going(page, () => page.goForward()),
  reload: (page) => going(page, () => page.reload()),
  async type(page, { into, text }) {
    await page.fill(into, text);
    return shown(page);
  },
};

async function main(executablePath) {
  const args = [
    // Nothing but loopback is ever looked up.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
  ];
  // Root, as in a container, has no sandbox to give away.
  const chromiumSandbox = process.getuid() !== 0;
  const options = { executablePath, args, chromiumSandbox, timeout: PATIENCE };
  const browser = await chromium.launch(options);
  const context = await browser.newContext({ viewport: { width: 800, height: 500 } });
  context.setDefaultTimeout(PATIENCE);
  const tabs = new Map();

  async function obey({ tab, do: action, with: argument }) {
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
    const order = JSON.parse(line);
    const answer = await obey(order).catch((error) => ({ failed: error.message }));
    console.log(JSON.stringify({ number: order.number, ...answer }));
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
