// Regime: C++ (may throw, never calls Postgres)
//
// The one table of decisions: for a (MySQL type, Postgres type) pair, and what the rules say of the column, the function that
// turns a Cell into a Value. It is chosen once per column; per value there is one indirect call and no look-up.
#pragma once

#include "core/arena.hpp"
#include "core/status.hpp"
#include "core/time_zone.hpp"
#include "core/transforms.hpp"
#include "core/types.hpp"
#include "core/value.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace alkconv::core {

// What the rules decided for one column. Everything off: refuse what is not exactly convertible.
struct ColumnPolicy {
	bool empty_to_null = false; // '' becomes NULL
	std::vector<Transform>
		transforms; // in the order in which they are applied; those that the source's SQL applies are not among them
	std::string expression; // over the value as text; computed by Postgres
	uint32_t author = 0;	// the role that wrote the expression, with whose privileges it runs
	ZonePointer zone;		// of wall times that become instants, or the reverse
	ClockChange clock_change = ClockChange::refuse;
	bool operator==(const ColumnPolicy &o) const {
		return empty_to_null == o.empty_to_null && transforms == o.transforms && expression == o.expression &&
			   zone == o.zone && clock_change == o.clock_change;
	}
};

class JsonValidator;
class JsonbBuilder;

// What a converter may look at besides the cell. Plain data, lives as long as the RowConverter.
struct ConversionContext {
	const SourceType *source = nullptr;
	const TargetType *target = nullptr;
	uint64_t *touched = nullptr;   // counts the values that a rule changed
	JsonValidator *json = nullptr; // scratch memory, of one thread
	JsonbBuilder *jsonb = nullptr; // likewise
	const Zone *zone = nullptr;	   // Conversion::zone
	ClockChange clock_change = ClockChange::refuse;
};

// Turns one non-null cell into a value; bytes it makes go into the arena. Code::ok or what is wrong with the value. The cell must be
// of a kind in which the source type arrives (RowConverter checks it).
using ConvertFunction = Code (*)(const ConversionContext &, const Cell &, Arena &, Value &) noexcept;

// What a transform makes of a value before it is converted (mend.hpp).
enum class Mended : uint8_t {
	no,		 // the cell is as it was
	changed, // the cell was replaced; its bytes are in the arena
	null,	 // the value is NULL
	done,	 // the value is what the target gets
};

struct Mend;
using MendFunction = Code (*)(const Mend &, const ConversionContext &, Cell &, Arena &, Value &, Mended &) noexcept;

struct Mend {
	MendFunction function = nullptr;
	Transform transform;
	Temporal date{};	   // zero_date with a date
	std::string low, high; // clamp: the limits as decimals
};

struct Conversion {
	ConvertFunction convert = nullptr;
	const char *name = "";		// for the plan and docs/types.md: "exact", "text to uuid", "input function", ...
	bool empty_to_null = false; // checked before `convert` for cells of kind bytes with size 0
	uint8_t counts = 0;			// `convert` is a transform, and counts so many things that it touches
	std::vector<Mend> mends;	// applied before
	ZonePointer zone;			// `convert` needs it
	ClockChange clock_change = ClockChange::refuse;
};

// A wall time in one type, an instant in the other, so that it takes a zone to tell one from the other: TIMESTAMP to timestamp, DATETIME to
// timestamptz.
bool NeedsZone(const SourceType &source, const TargetType &target) noexcept;
// What the source means by such a pair, where no rule says it. Raises Error(zone_unknown) where nobody does.
const ZonePointer &ZoneOfPair(const SourceType &source, const TargetType &target, const WallTimes &wall_times);

// Chooses the conversion. Raises Error(cannot_convert) when no conversion can be right (for instance geometry to integer, or a transform
// of a type that it is not for), and Error(zone_unknown) for a pair that needs a zone when the policy has none.
Conversion ChooseConversion(const SourceType &source, const TargetType &target, const ColumnPolicy &policy);

// One sentence about a value that was refused: message and hint for the DBA. `excerpt` shows at most 80 bytes of it.
std::string DescribeFault(Code code, const SourceType &source, const TargetType &target);
std::string HintForFault(Code code, const SourceType &source, const TargetType &target);
// The cell as text for messages: at most 80 bytes, cut at a character boundary, control characters and invalid UTF-8 escaped
// as \xNN, binary values as \x hex; "..." marks a cut.
std::string Excerpt(const SourceType &source, const Cell &cell);
// The cell as the complete canonical text of the value (keys in messages; also what input functions get).
std::string CanonicalText(const SourceType &source, const Cell &cell);

// The Postgres type of mode `create` for a MySQL type (design "Types"), as SQL text, for instance "timestamp(6) without time zone".
// Types that need the data to be known take the safe one (tinyint(1) smallint, bigint unsigned numeric(20), time interval).
std::string DefaultTargetType(const SourceType &source);

} // namespace alkconv::core
