// Regime: C++ (may throw, never calls Postgres)
//
// Transforms that change a value before it is converted as usual. Each is chosen once per column; what it does to a value is a pure function of
// the value, so that the source's SQL can do the same by its own means (digest_mends.hpp) or the value can be read again.
#pragma once

#include "core/conversion.hpp"

#include <string>

namespace alkconv::core {

// Why the transform is not for such a column, or nullptr if it is. A target that is not known yet (mode create) fits.
const char *MisfitOf(const Transform &transform, const SourceType &source, const TargetType &target);
// Can it make a value NULL?
bool GivesNull(const Transform &transform) noexcept;
// Does it work on text as such, so that it must not touch text that stands for bytes?
bool ChangesCharacters(TransformName name) noexcept;

// Precondition: MisfitOf is nullptr, and it is neither parent_spelling nor one of the code_points.
Mend MakeMend(const Transform &transform, const SourceType &source, const TargetType &target);

// The limits of clamp as decimals; false for types that it is not for.
bool ClampLimits(const SourceType &source, const TargetType &target, std::string &low, std::string &high);

// The types between which the value itself is converted: with an expression, to text.
const TargetType &ConvertedType(const TargetType &target, const ColumnPolicy &policy) noexcept;

// Converts one non-null cell: mends, then empty_to_null, then the conversion. `counters` has one entry per mend, then one for the conversion if
// it counts, then one for empty_to_null. Returns Code::ok with value.kind null for a value that became NULL.
Code ConvertCell(const Conversion &conversion, const ConversionContext &context, uint64_t *counters, const Cell &cell,
				 Arena &arena, Value &value) noexcept;
// How many counters that is.
size_t CountersOf(const Conversion &conversion) noexcept;

namespace mend {

#define ALKCONV_MEND(name) \
	Code name(const Mend &, const ConversionContext &, Cell &, Arena &, Value &, Mended &) noexcept

// mend_text.cpp
ALKCONV_MEND(RepairUtf8InLatin1);
ALKCONV_MEND(Inflate);
ALKCONV_MEND(StripNul);
ALKCONV_MEND(ReplaceNul);
ALKCONV_MEND(TrimPad);
ALKCONV_MEND(JsonNul);
ALKCONV_MEND(EnumEmpty);
// mend_value.cpp
ALKCONV_MEND(ZeroDate);
ALKCONV_MEND(PartialDate);
ALKCONV_MEND(UuidSwap);
ALKCONV_MEND(Clamp);
ALKCONV_MEND(TinyintToBoolean);

#undef ALKCONV_MEND

} // namespace mend

} // namespace alkconv::core
