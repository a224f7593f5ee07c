// Regime: C++ (may throw, never calls Postgres)
//
// The functions that the table in conversion.cpp chooses from, one family of source types per file. Each has the signature
// ConvertFunction: it turns one non-null cell into a value and returns Code::ok, or says what is wrong with the value. Precondition:
// the cell has a kind of the source type (CellKindsOf); RowConverter checks that once for all of them.
#pragma once

#include "core/conversion.hpp"

namespace alkconv::core::convert {

#define ALKCONV_CONVERTER(name) Code name(const ConversionContext &, const Cell &, Arena &, Value &) noexcept

// conversion_number.cpp: integers of any width, BIT as a number, DECIMAL, FLOAT, DOUBLE
ALKCONV_CONVERTER(IntegerToBoolean);
ALKCONV_CONVERTER(IntegerToInt2);
ALKCONV_CONVERTER(IntegerToInt4);
ALKCONV_CONVERTER(IntegerToInt8);
ALKCONV_CONVERTER(IntegerToFloat4);
ALKCONV_CONVERTER(IntegerToFloat8);
ALKCONV_CONVERTER(BitToBoolean);
ALKCONV_CONVERTER(BitToInt2);
ALKCONV_CONVERTER(BitToInt4);
ALKCONV_CONVERTER(BitToInt8);
ALKCONV_CONVERTER(BitToBits);
ALKCONV_CONVERTER(DecimalToInt2);
ALKCONV_CONVERTER(DecimalToInt4);
ALKCONV_CONVERTER(DecimalToInt8);
ALKCONV_CONVERTER(DecimalToFloat4);
ALKCONV_CONVERTER(DecimalToFloat8);
ALKCONV_CONVERTER(DecimalToNumeric);
ALKCONV_CONVERTER(FloatToInt2);
ALKCONV_CONVERTER(FloatToInt4);
ALKCONV_CONVERTER(FloatToInt8);
ALKCONV_CONVERTER(FloatToFloat4);
ALKCONV_CONVERTER(FloatToFloat8);
ALKCONV_CONVERTER(IntegerToNumeric);
ALKCONV_CONVERTER(BitToNumeric);
ALKCONV_CONVERTER(FloatToNumeric);
ALKCONV_CONVERTER(DoubleToNumeric);

// conversion_temporal.cpp
ALKCONV_CONVERTER(DateToDate);
ALKCONV_CONVERTER(DateTimeToTimestamp); // DATE too, and TIMESTAMP, which arrives in UTC, to timestamptz
ALKCONV_CONVERTER(InstantToWallTime);	// TIMESTAMP to timestamp
ALKCONV_CONVERTER(WallTimeToInstant);	// DATETIME, and DATE, to timestamptz
ALKCONV_CONVERTER(DateTimeToDate);
ALKCONV_CONVERTER(TimeToTime);
ALKCONV_CONVERTER(TimeToInterval);
ALKCONV_CONVERTER(TextToDate);
ALKCONV_CONVERTER(TextToTime);
ALKCONV_CONVERTER(TextToTimestamp);
ALKCONV_CONVERTER(TextToTimestamptz);
ALKCONV_CONVERTER(TextToInterval);

// conversion_text.cpp: scalars as canonical text, for text types and for input functions
ALKCONV_CONVERTER(IntegerToText);
ALKCONV_CONVERTER(YearToText);
ALKCONV_CONVERTER(FloatToText);
ALKCONV_CONVERTER(DoubleToText);
ALKCONV_CONVERTER(DateToText);
ALKCONV_CONVERTER(DateTimeToText);
ALKCONV_CONVERTER(TimestampToText);
ALKCONV_CONVERTER(TimeToText);
ALKCONV_CONVERTER(IntegerToInput);
ALKCONV_CONVERTER(YearToInput);
ALKCONV_CONVERTER(FloatToInput);
ALKCONV_CONVERTER(DoubleToInput);
ALKCONV_CONVERTER(BitToInput);
ALKCONV_CONVERTER(DateToInput);
ALKCONV_CONVERTER(DateTimeToInput);
ALKCONV_CONVERTER(TimestampToInput);
ALKCONV_CONVERTER(TimeToInput);
// ... and what is text or bytes already
ALKCONV_CONVERTER(TextToText); // text, varchar, bpchar, name; UTF-8 in binary types too
ALKCONV_CONVERTER(TextToInput);
ALKCONV_CONVERTER(TextToJson);
ALKCONV_CONVERTER(TextToJsonb);
ALKCONV_CONVERTER(TextToUuid);
ALKCONV_CONVERTER(TextToInt2);
ALKCONV_CONVERTER(TextToInt4);
ALKCONV_CONVERTER(TextToInt8);
ALKCONV_CONVERTER(TextToFloat4);
ALKCONV_CONVERTER(TextToFloat8);
ALKCONV_CONVERTER(TextToNumeric);
ALKCONV_CONVERTER(TextToLabel);
ALKCONV_CONVERTER(BytesToBytea);
ALKCONV_CONVERTER(BytesToUuid);
ALKCONV_CONVERTER(UuidToText);
ALKCONV_CONVERTER(EnumToText);
ALKCONV_CONVERTER(EnumToInput);
ALKCONV_CONVERTER(EnumToLabel);
ALKCONV_CONVERTER(SetToArray);
ALKCONV_CONVERTER(BytesToHex);	 // \x and hex digits, as bytea is written
ALKCONV_CONVERTER(ShapeToInput); // shapes.cpp: EWKB in hex digits
// transforms
ALKCONV_CONVERTER(CodePointsToBase64);
ALKCONV_CONVERTER(CodePointsToBytea);

#undef ALKCONV_CONVERTER

} // namespace alkconv::core::convert
