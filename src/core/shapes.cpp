// Regime: C++ (may throw, never calls Postgres)
//
// EWKB is WKB whose first type has the bit 20000000 and is followed by the SRID, where there is one.
#include "core/shapes.hpp"

#include "core/conversion_functions.hpp"
#include "core/hex.hpp"
#include "core/text.hpp"
#include "core/value_builders.hpp"

#include <cstdlib>

namespace alkconv::core {

namespace {

constexpr uint64_t kSridBytes = 4;
constexpr uint64_t kHeaderBytes = kSridBytes + 1 + 4; // SRID, byte order, type
constexpr uint64_t kLastTypeByte = kHeaderBytes - 1;
constexpr unsigned char kSridFlag = 0x20;

uint32_t SridOf(std::string_view shape) noexcept {
	uint32_t srid = 0;
	for (uint64_t i = kSridBytes; i > 0; --i)
		srid = srid << 8 | static_cast<unsigned char>(shape[i - 1]);
	return srid;
}

char *PutDigits(std::string_view bytes, char *out) noexcept {
	for (const char byte : bytes) {
		PutHex(static_cast<unsigned char>(byte), out);
		out += 2;
	}
	return out;
}

// POINT and the like as PostGIS spells them; the text of a column type is in lower case, in MySQL with its attributes behind it.
std::string KindOfShape(const std::string &source) {
	static constexpr const char *kKinds[][2] = {{"point", "Point"},
												{"linestring", "LineString"},
												{"polygon", "Polygon"},
												{"multipoint", "MultiPoint"},
												{"multilinestring", "MultiLineString"},
												{"multipolygon", "MultiPolygon"},
												{"geomcollection", "GeometryCollection"},
												{"geometrycollection", "GeometryCollection"}};
	for (const auto &[name, kind] : kKinds)
		if (source.substr(0, source.find(' ')) == name)
			return kind;
	return "Geometry";
}

} // namespace

uint32_t SridOfTypeName(std::string_view name) noexcept {
	const size_t comma = name.rfind(',');
	if (comma == std::string_view::npos || name.back() != ')')
		return 0;
	uint32_t srid = 0;
	for (const char c : name.substr(comma + 1, name.size() - comma - 2)) {
		if (c < '0' || c > '9' || srid > kMaxSrid)
			return 0;
		srid = srid * 10 + static_cast<uint32_t>(c - '0');
	}
	return srid;
}

void DescribeShape(std::string_view type_name, TargetType &target) {
	target.shape = type_name == "geometry"	  ? ShapeType::geometry
				   : type_name == "geography" ? ShapeType::geography
											  : ShapeType::none;
	target.srid = target.shape == ShapeType::none ? 0 : SridOfTypeName(target.stored());
}

TargetType ShapeTarget(const SourceType &source, const std::string &schema) {
	TargetType type;
	type.shape = ShapeType::geometry;
	type.srid = source.srid > kMaxSrid ? 0 : source.srid;
	type.text = schema + ".geometry";
	const std::string kind = KindOfShape(source.text);
	if (type.srid != 0)
		type.text += "(" + kind + "," + std::to_string(type.srid) + ")";
	else if (kind != "Geometry")
		type.text += "(" + kind + ")";
	return type;
}

bool RefusesSrid(const TargetType &target, uint32_t srid) noexcept {
	return srid > kMaxSrid || (target.srid != 0 && srid != target.srid) ||
		   (target.shape == ShapeType::geography && srid == 0);
}

namespace convert {

Code ShapeToInput(const ConversionContext &context, const Cell &cell, Arena &arena, Value &value) noexcept {
	const std::string_view shape = cell.text();
	if (shape.size() < kHeaderBytes)
		return Code::internal;
	if (shape.size() > kMaxPayload / 2)
		return Code::value_too_large;
	const uint32_t srid = SridOf(shape);
	if (RefusesSrid(*context.target, srid))
		return Code::invalid_text;
	char *const text = arena.Allocate(2 * shape.size());
	if (text == nullptr)
		return Code::out_of_memory;
	char *out = text;
	if (srid == 0) {
		out = PutDigits(shape.substr(kSridBytes), out);
	} else {
		out = PutDigits(shape.substr(kSridBytes, kHeaderBytes - 1 - kSridBytes), out);
		PutHex(static_cast<unsigned char>(shape[kLastTypeByte]) | kSridFlag, out);
		out = PutDigits(shape.substr(0, kSridBytes), out + 2);
		out = PutDigits(shape.substr(kHeaderBytes), out);
	}
	return SetBytes(ValueKind::input, {text, static_cast<size_t>(out - text)}, value);
}

} // namespace convert

} // namespace alkconv::core
