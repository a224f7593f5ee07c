// Regime: C++ (may throw, never calls Postgres)
//
// Looking up offsets, and the spelling of zones.
#include "core/time_zone.hpp"

#include "core/status.hpp"

#include <algorithm>
#include <utility>

namespace alkconv::core {

namespace {

bool IsDigit(char c) noexcept { return c >= '0' && c <= '9'; }
bool IsLetter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool EqualWords(std::string_view a, std::string_view b) noexcept {
	return std::equal(a.begin(), a.end(), b.begin(), b.end(),
					  [](char x, char y) { return IsLetter(x) ? (x | 0x20) == (y | 0x20) && IsLetter(y) : x == y; });
}

int TwoDigits(std::string_view text) noexcept {
	return IsDigit(text[0]) && IsDigit(text[1]) ? (text[0] - '0') * 10 + (text[1] - '0') : -1;
}

// +hh:mm within the limits of MySQL's own time_zone.
bool ReadOffset(std::string_view text, int32_t &offset) noexcept {
	if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':')
		return false;
	const int hours = TwoDigits(text.substr(1)), minutes = TwoDigits(text.substr(4));
	if (hours < 0 || minutes < 0 || minutes > 59)
		return false;
	const int32_t seconds = hours * 3600 + minutes * 60;
	if (seconds > (text[0] == '+' ? 14 * 3600 : 14 * 3600 - 60))
		return false;
	offset = text[0] == '+' ? seconds : -seconds;
	return true;
}

// Digits are in the names of Etc alone; elsewhere they are those of POSIX rules, which any misspelled name would be.
bool IsEtc(std::string_view text) noexcept {
	constexpr std::string_view kEtc = "Etc/GMT";
	if (!EqualWords(text.substr(0, kEtc.size()), kEtc))
		return false;
	text.remove_prefix(kEtc.size());
	if (text.size() < 2 || text.size() > 3 || (text[0] != '+' && text[0] != '-'))
		return false;
	const int hours = text.size() == 2 ? (IsDigit(text[1]) ? text[1] - '0' : -1) : TwoDigits(text.substr(1));
	return hours >= 0 && hours <= 14 && (text.size() == 2 || text[1] != '0');
}

bool IsName(std::string_view text) noexcept {
	if (text.empty() || text.size() > 64 || !IsLetter(text.front()) || !IsLetter(text.back()))
		return false;
	return std::all_of(text.begin(), text.end(),
					   [](char c) { return IsLetter(c) || c == '/' || c == '_' || c == '-'; });
}

std::string_view Trimmed(std::string_view text) noexcept {
	while (!text.empty() && text.front() == ' ')
		text.remove_prefix(1);
	while (!text.empty() && text.back() == ' ')
		text.remove_suffix(1);
	return text;
}

int64_t WallStart(const ZoneChange &change) noexcept { return change.at + std::min(change.before, change.after); }
int64_t WallEnd(const ZoneChange &change) noexcept { return change.at + std::max(change.before, change.after); }

// As so many times 400 years before, where the changes are known.
int64_t Known(int64_t seconds) noexcept {
	if (seconds < Zone::kKnownUntil)
		return seconds;
	return seconds - ((seconds - Zone::kKnownUntil) / Zone::kCycle + 1) * Zone::kCycle;
}

} // namespace

Zone::Zone(std::string name, int32_t offset) : name_(std::move(name)), fixed_(true), first_offset_(offset) {}

Zone::Zone(std::string name, int32_t first_offset, std::vector<ZoneChange> changes)
	: name_(std::move(name)), fixed_(false), first_offset_(first_offset), changes_(std::move(changes)) {
	for (size_t i = 1; i < changes_.size(); ++i)
		if (WallStart(changes_[i]) < WallEnd(changes_[i - 1]))
			throw Error(Code::unsupported, "the clocks of time zone \"" + name_ + "\" change too often");
	if (changes_.empty())
		return;
	spans_from_ = changes_.front().at;
	size_t passed = 0;
	for (int64_t start = spans_from_; passed < changes_.size(); start += int64_t{1} << kSpanBits) {
		while (passed < changes_.size() && std::max(changes_[passed].at, WallStart(changes_[passed])) <= start)
			++passed;
		spans_.push_back(static_cast<uint32_t>(passed));
	}
}

// How many changes are behind `seconds` for certain, whichever way these are counted.
size_t Zone::StartAt(int64_t seconds) const noexcept {
	if (seconds < spans_from_)
		return 0;
	const auto span = static_cast<uint64_t>(seconds - spans_from_) >> kSpanBits;
	return spans_[std::min<uint64_t>(span, spans_.size() - 1)];
}

int32_t Zone::OffsetAt(int64_t instant, bool &twice) const noexcept {
	twice = false;
	if (changes_.empty())
		return first_offset_;
	instant = Known(instant);
	size_t next = StartAt(instant);
	while (next < changes_.size() && changes_[next].at <= instant)
		++next;
	const int32_t offset = next == 0 ? first_offset_ : changes_[next - 1].after;
	const int64_t wall = instant + offset;
	twice =
		(next > 0 && wall < WallEnd(changes_[next - 1]) && changes_[next - 1].after < changes_[next - 1].before) ||
		(next < changes_.size() && wall >= WallStart(changes_[next]) && changes_[next].after < changes_[next].before);
	return offset;
}

int32_t Zone::OffsetOf(int64_t wall, ClockChange choice, bool &doubtful) const noexcept {
	doubtful = false;
	if (changes_.empty())
		return first_offset_;
	wall = Known(wall);
	size_t next = StartAt(wall);
	while (next < changes_.size() && WallStart(changes_[next]) <= wall)
		++next;
	if (next == 0)
		return first_offset_;
	const ZoneChange &last = changes_[next - 1];
	doubtful = wall < WallEnd(last);
	return doubtful && choice == ClockChange::first ? last.before : last.after;
}

ZonePointer MakeZone(std::string name, int32_t offset) { return std::make_shared<const Zone>(std::move(name), offset); }

ZonePointer MakeZone(std::string name, int32_t first_offset, const ZoneChange *changes, size_t count) {
	return std::make_shared<const Zone>(std::move(name), first_offset,
										std::vector<ZoneChange>(changes, changes + count));
}

ZoneSpelling ReadZone(std::string_view text, int32_t &offset) noexcept {
	offset = 0;
	if (EqualWords(text, "UTC") || EqualWords(text, "GMT") || EqualWords(text, "Etc/UTC") || ReadOffset(text, offset))
		return ZoneSpelling::offset;
	return IsName(text) || IsEtc(text) ? ZoneSpelling::name : ZoneSpelling::invalid;
}

bool ParseWallTime(std::string_view text, WallTimeArgument &argument) {
	const size_t comma = text.find(',');
	argument.zone = Trimmed(text.substr(0, comma));
	argument.choice = ClockChange::refuse;
	if (comma != std::string_view::npos) {
		const std::string_view choice = Trimmed(text.substr(comma + 1));
		argument.choice = choice == "first"	   ? ClockChange::first
						  : choice == "second" ? ClockChange::second
											   : ClockChange::refuse;
		if (argument.choice == ClockChange::refuse && choice != "refuse")
			return false;
	}
	int32_t offset;
	return ReadZone(argument.zone, offset) != ZoneSpelling::invalid;
}

std::string ZoneOf(const SourceClock &clock) {
	int32_t offset;
	if (!EqualWords(clock.global, "SYSTEM"))
		return ReadZone(clock.global, offset) == ZoneSpelling::invalid ? "" : clock.global;
	if (clock.system_is_utc)
		return "UTC";
	// EET may be the winter of many places; a name with a slash is one place
	return clock.system.find('/') != std::string::npos && ReadZone(clock.system, offset) != ZoneSpelling::invalid
			   ? clock.system
			   : "";
}

std::string DescribeClock(const SourceClock &clock) {
	return EqualWords(clock.global, "SYSTEM") ? "SYSTEM (" + clock.system + ")" : clock.global;
}

} // namespace alkconv::core
