/**
 * A page of one sentence and one link. Neither comes from a client.
 *
 * @param {string} text @param {string} link @param {string} to
 */
export function page(text, link, to) {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign-on</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; color: #1c1c1c; background: #f6f6f4; margin: 0 }
  main { max-width: 30rem; margin: 20vh auto; padding: 2rem; background: #fff; border: 1px solid #ddd; border-radius: 6px }
  a { color: #0b57a4 }
</style>
<main><p>${text}</p><p><a href="${to}">${link}</a></p></main>
</html>
`;
}
