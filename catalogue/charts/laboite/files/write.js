// The services of the platform as tiles of the portal: what is missing is made, what differs in title,
// address or description is changed, what is gone is taken away. Tiles of others stay as they are,
// and so does what an administrator adds to those of the platform.
const fs = require('fs');
const tiles = JSON.parse(fs.readFileSync('/tiles/tiles.json', 'utf8'));
const services = connect(process.env.MONGO_URL).getCollection('services');
const mark = 'platform-';

// How the portal makes a title fit for an address.
const slug = (title) => title.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase()
  .replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');

// A picture of its first letter, which needs no server.
const picture = (title) => 'data:image/svg+xml,' + encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="12" '
  + 'fill="#364fc7"/><text x="32" y="43" font-family="sans-serif" font-size="32" fill="#fff" '
  + 'text-anchor="middle">' + slug(title).charAt(0).toUpperCase() + '</text></svg>');

for (const tile of tiles) {
  const { title, url } = tile;
  // The portal takes 80 characters.
  const description = tile.description.slice(0, 80);
  services.updateOne({ _id: mark + tile.service }, {
    $set: { title, slug: slug(title), url, description },
    $setOnInsert: {
      state: 0, logo: picture(title), team: '', usage: '', content: '', structure: '',
      categories: [], businessReGrouping: [], screenshots: [],
    },
  }, { upsert: true });
}
services.deleteMany({
  _id: { $regex: '^' + mark, $nin: tiles.map((tile) => mark + tile.service) },
});
print(tiles.length + ' tiles');
