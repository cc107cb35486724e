// Slack's dates as a reader sees them: in their own time zone and language.

const DAY = 86_400_000;
const FORMS = {
  date_num: () => ({ year: "numeric", month: "2-digit", day: "2-digit" }),
  date_slash: () => ({ year: "numeric", month: "2-digit", day: "2-digit" }),
  date_short: () => ({ year: "numeric", month: "short", day: "numeric" }),
  date: () => ({ year: "numeric", month: "long", day: "numeric" }),
  date_long: () => ({ weekday: "long", year: "numeric", month: "long", day: "numeric" }),
  day_divider: () => ({ weekday: "long", month: "long", day: "numeric" }),
  time: () => ({ timeStyle: "short" }),
  time_secs: () => ({ timeStyle: "medium" }),
};

function write(at, form, reader) {
  return new Intl.DateTimeFormat(reader.locale, { ...form, timeZone: reader.zone }).format(at);
}

/** How many days from today `at` is, by the reader's calendar. */
function daysAway(at, reader) {
  const day = (moment) => {
    const [year, month, date] = new Intl.DateTimeFormat("en-CA", { timeZone: reader.zone })
      .format(moment)
      .split("-")
      .map(Number);
    return Date.UTC(year, month - 1, date);
  };
  return Math.round((day(at) - day(new Date())) / DAY);
}

function token(name, at, reader) {
  const bare = name.replace(/_pretty$/, "");
  const away = daysAway(at, reader);
  if (bare !== name && Math.abs(away) <= 1) {
    return new Intl.RelativeTimeFormat(reader.locale, { numeric: "auto" }).format(away, "day");
  }
  if (bare === "ago") return ago(at, reader);
  return FORMS[bare] ? write(at, FORMS[bare](), reader) : `{${name}}`;
}

function ago(at, reader) {
  const seconds = (at - Date.now()) / 1000;
  const words = new Intl.RelativeTimeFormat(reader.locale, { numeric: "auto" });
  for (const [unit, size] of [["day", 86_400], ["hour", 3600], ["minute", 60]]) {
    if (Math.abs(seconds) >= size) return words.format(Math.round(seconds / size), unit);
  }
  return words.format(Math.round(seconds), "second");
}

/** A moment (seconds) in a form such as `{date_short_pretty} {time}`. */
export function date(seconds, form, reader) {
  const at = new Date(seconds * 1000);
  return form.replace(/\{(\w+)\}/g, (_, name) => token(name, at, reader));
}

export function clock(at, reader) {
  return write(at, FORMS.time(), reader);
}

export function fully(at, reader) {
  return write(at, { dateStyle: "full", timeStyle: "short" }, reader);
}
