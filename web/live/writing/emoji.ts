/** A small table of emoji by name. Loaded on first use. */
const table = `smile:😄 grin:😁 joy:😂 rofl:🤣 smiley:😃 sweat_smile:😅 laughing:😆 wink:😉 blush:😊 yum:😋 sunglasses:😎 heart_eyes:😍
kissing_heart:😘 thinking:🤔 neutral_face:😐 expressionless:😑 smirk:😏 relieved:😌 sleepy:😪 sleeping:😴 unamused:😒 sweat:😓 pensive:😔
confused:😕 upside_down:🙃 astonished:😲 worried:😟 cry:😢 sob:😭 scream:😱 fearful:😨 angry:😠 rage:😡 triumph:😤 innocent:😇 nerd:🤓
star_struck:🤩 partying:🥳 zany:🤪 shushing:🤫 yawning:🥱 hugging:🤗 rolling_eyes:🙄 grimacing:😬 lying:🤥 mask:😷 dizzy:😵 exploding_head:🤯
cowboy:🤠 clown:🤡 ghost:👻 skull:💀 alien:👽 robot:🤖 poop:💩 thumbsup:👍 thumbs_up:👍 thumbsdown:👎 thumbs_down:👎 ok_hand:👌 clap:👏
raised_hands:🙌 pray:🙏 handshake:🤝 wave:👋 muscle:💪 point_up:☝️ point_down:👇 point_left:👈 point_right:👉 crossed_fingers:🤞 victory:✌️
facepalm:🤦 shrug:🤷 eyes:👀 brain:🧠 heart:❤️ orange_heart:🧡 yellow_heart:💛 green_heart:💚 blue_heart:💙 purple_heart:💜 black_heart:🖤
broken_heart:💔 sparkling_heart:💖 fire:🔥 sparkles:✨ star:⭐ boom:💥 hundred:💯 tada:🎉 confetti:🎊 balloon:🎈 gift:🎁 trophy:🏆 medal:🏅
rocket:🚀 airplane:✈️ car:🚗 bike:🚲 train:🚆 ship:🚢 house:🏠 office:🏢 sun:☀️ moon:🌙 cloud:☁️ rain:🌧️ snow:❄️ rainbow:🌈 zap:⚡ ocean:🌊
earth:🌍 tree:🌳 cactus:🌵 flower:🌸 rose:🌹 four_leaf_clover:🍀 cat:🐱 dog:🐶 mouse:🐭 rabbit:🐰 fox:🦊 bear:🐻 panda:🐼 koala:🐨 tiger:🐯
lion:🦁 cow:🐮 pig:🐷 frog:🐸 monkey:🐵 see_no_evil:🙈 hear_no_evil:🙉 speak_no_evil:🙊 chicken:🐔 penguin:🐧 bird:🐦 owl:🦉 unicorn:🦄 bee:🐝
bug:🐛 butterfly:🦋 snail:🐌 turtle:🐢 snake:🐍 octopus:🐙 fish:🐟 whale:🐳 dolphin:🐬 apple:🍎 banana:🍌 grapes:🍇 strawberry:🍓 lemon:🍋
peach:🍑 avocado:🥑 bread:🍞 cheese:🧀 pizza:🍕 burger:🍔 fries:🍟 taco:🌮 sushi:🍣 ramen:🍜 cake:🍰 cookie:🍪 chocolate:🍫 coffee:☕ tea:🍵
beer:🍺 beers:🍻 wine:🍷 cocktail:🍸 champagne:🍾 soccer:⚽ basketball:🏀 guitar:🎸 music:🎵 movie:🎬 game:🎮 art:🎨 book:📖 books:📚 pencil:✏️
memo:📝 calendar:📅 clock:🕒 hourglass:⏳ alarm:⏰ phone:📱 computer:💻 keyboard:⌨️ camera:📷 bulb:💡 battery:🔋 plug:🔌 lock:🔒 unlock:🔓
key:🔑 hammer:🔨 wrench:🔧 gear:⚙️ magnet:🧲 microscope:🔬 pill:💊 package:📦 mailbox:📫 email:📧 inbox:📥 outbox:📤 chart:📈 chart_down:📉
clipboard:📋 pushpin:📌 paperclip:📎 link:🔗 scissors:✂️ trash:🗑️ money:💰 credit_card:💳 gem:💎 bell:🔔 megaphone:📣 mag:🔍 warning:⚠️
no_entry:⛔ check:✅ cross:❌ question:❓ exclamation:❗ plus:➕ recycle:♻️ construction:🚧 siren:🚨 flag:🚩 checkered_flag:🏁 whale_docker:🐳`;

export interface Emoji {
  readonly name: string;
  readonly character: string;
}

const emoji: readonly Emoji[] = table.split(/\s+/).map((entry) => {
  const [name = '', character = ''] = entry.split(':');
  return { name, character };
});

/** The emoji of exactly this name. */
export const emojiNamed = (name: string): string | undefined =>
  emoji.find((one) => one.name === name.toLowerCase())?.character;

/** First the emoji whose names begin with the word, then those whose names contain it. */
export const findEmoji = (word: string, most: number): readonly Emoji[] => {
  const wanted = word.toLowerCase();
  const beginning = emoji.filter(({ name }) => name.startsWith(wanted));
  const within = emoji.filter(({ name }) => !name.startsWith(wanted) && name.includes(wanted));
  return [...beginning, ...within].slice(0, most);
};
