// Regime: C++ (may throw, never calls Postgres)
//
// The small languages of the tables in test/unit/data.
#include "cells.hpp"

#include "core/fault.hpp"
#include "core/jsonb.hpp"
#include "core/mend.hpp"
#include "core/render.hpp"
#include "core/shapes.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <numeric>
#include <stdexcept>

namespace alkconv::test {

using namespace core;

namespace {

struct Name {
	const char *name;
	PgKind kind;
};

constexpr Name kNames[] = {
	{"boolean", PgKind::boolean},
	{"smallint", PgKind::int2},
	{"integer", PgKind::int4},
	{"bigint", PgKind::int8},
	{"real", PgKind::float4},
	{"double precision", PgKind::float8},
	{"numeric", PgKind::numeric},
	{"text", PgKind::text},
	{"character varying", PgKind::varchar},
	{"character", PgKind::bpchar},
	{"bpchar", PgKind::bpchar},
	{"name", PgKind::name},
	{"bytea", PgKind::bytea},
	{"uuid", PgKind::uuid},
	{"json", PgKind::json},
	{"jsonb", PgKind::jsonb},
	{"date", PgKind::date},
	{"time without time zone", PgKind::time},
	{"timestamp without time zone", PgKind::timestamp},
	{"timestamp with time zone", PgKind::timestamptz},
	{"interval", PgKind::interval},
	{"bit", PgKind::bit},
	{"bit varying", PgKind::varbit},
	{"enum", PgKind::enum_},
	{"text[]", PgKind::text_array},
	{"inet", PgKind::inet},
};

std::vector<std::string> Split(const std::string &text, char separator) {
	std::vector<std::string> parts;
	size_t start = 0;
	for (size_t end = text.find(separator); end != std::string::npos;
		 start = end + 1, end = text.find(separator, start))
		parts.push_back(text.substr(start, end - start));
	parts.push_back(text.substr(start));
	return parts;
}

Temporal MakeTemporal(const std::string &text) {
	unsigned year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
	char fraction[7] = "0";
	const bool negative = text[0] == '-';
	const char *const start = text.c_str() + (negative ? 1 : 0);
	const int fields =
		std::sscanf(start, "%4u-%2u-%2u %u:%u:%u.%6s", &year, &month, &day, &hour, &minute, &second, fraction);
	if (fields != 3 && fields != 6 && fields != 7) {
		year = month = day = 0;
		if (std::sscanf(start, "%u:%u:%u.%6s", &hour, &minute, &second, fraction) < 3)
			throw std::invalid_argument("no date or time: " + text);
	}
	std::string digits(fraction);
	digits.resize(6, '0');
	return {static_cast<uint16_t>(year),
			static_cast<uint8_t>(month),
			static_cast<uint8_t>(day),
			static_cast<uint16_t>(hour),
			static_cast<uint8_t>(minute),
			static_cast<uint8_t>(second),
			static_cast<uint32_t>(std::stoul(digits)),
			negative};
}

template <class F>
std::string Hexadecimal(F value) {
	char text[64];
	std::snprintf(text, sizeof text, "%a", static_cast<double>(value));
	return text;
}

} // namespace

TargetType Target(const std::string &text) {
	if (text.compare(0, 7, "domain ") == 0) { // over the type that follows
		TargetType domain = Target(text.substr(7));
		domain.below = std::exchange(domain.text, "a_domain");
		return domain;
	}
	TargetType type;
	type.text = text;
	std::string name = text;
	std::vector<std::string> arguments;
	const size_t open = text.find('('), close = text.rfind(')');
	if (open != std::string::npos) {
		arguments = Split(text.substr(open + 1, close - open - 1), text.compare(0, 5, "enum(") == 0 ? '|' : ',');
		name = text.substr(0, open) + text.substr(close + 1);
	}
	for (const Name &known : kNames)
		if (name == known.name)
			type.kind = known.kind;
	if (name.compare(0, 9, "interval ") == 0) // with fields: "interval hour to minute"
		type.kind = PgKind::interval;
	if (name.compare(0, 7, "public.") == 0)
		DescribeShape(name.substr(7), type);
	if (arguments.empty())
		return type;
	switch (type.kind) {
	case PgKind::varchar:
	case PgKind::bpchar:
	case PgKind::bit:
	case PgKind::varbit: type.length = std::stoi(arguments[0]); break;
	case PgKind::numeric:
		type.precision = std::stoi(arguments[0]);
		type.scale = arguments.size() > 1 ? std::stoi(arguments[1]) : 0;
		break;
	case PgKind::time:
	case PgKind::timestamp:
	case PgKind::timestamptz:
	case PgKind::interval: type.fsp = std::stoi(arguments[0]); break;
	case PgKind::enum_:
		type.labels = arguments;
		type.text = "mood";
		break;
	default: break;
	}
	return type;
}

std::string Unescape(std::string_view text) {
	std::string out;
	for (size_t i = 0; i < text.size(); ++i) {
		if (text[i] != '\\') {
			out.push_back(text[i]);
			continue;
		}
		switch (text.at(++i)) {
		case 'n': out.push_back('\n'); break;
		case 't': out.push_back('\t'); break;
		case '\\': out.push_back('\\'); break;
		case 'x':
			out.push_back(static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16)));
			i += 2;
			break;
		default: throw std::invalid_argument("unknown escape in " + std::string(text));
		}
	}
	return out;
}

std::string Escape(std::string_view bytes) {
	std::string out;
	for (const char c : bytes) {
		const auto byte = static_cast<unsigned char>(c);
		if (byte >= 0x20 && byte < 0x7F && c != '\\') {
			out.push_back(c);
			continue;
		}
		char text[8];
		std::snprintf(text, sizeof text, "\\x%02x", byte);
		out.append(text);
	}
	return out;
}

Cell Cells::Make(const SourceType &type, std::string_view literal) {
	const std::string text(literal == "\"\"" ? "" : literal);
	Cell cell{};
	const uint32_t kinds = CellKindsOf(type);
	if (text == "NULL") {
		cell.kind = CellKind::null;
		return cell;
	}
	cell.kind = type.is_unsigned ? CellKind::uint64 : CellKind::int64;
	if (CellFits(kinds, cell)) {
		if (type.is_unsigned)
			cell.u64 = std::stoull(text);
		else
			cell.i64 = std::stoll(text);
		return cell;
	}
	if (type.kind == MySqlKind::float_) {
		cell.kind = CellKind::float32;
		cell.f32 = std::strtof(text.c_str(), nullptr);
	} else if (type.kind == MySqlKind::double_) {
		cell.kind = CellKind::float64;
		cell.f64 = std::strtod(text.c_str(), nullptr);
	} else if ((kinds & 1u << static_cast<unsigned>(CellKind::temporal)) != 0) {
		cell.kind = CellKind::temporal;
		cell.temporal = MakeTemporal(text);
	} else {
		cell.kind = CellKind::bytes;
		const std::string &bytes = bytes_.emplace_back(Unescape(text));
		cell.bytes = {bytes.data(), bytes.size()};
	}
	return cell;
}

std::string Describe(const Value &value) {
	switch (value.kind) {
	case ValueKind::null: return "null";
	case ValueKind::boolean: return value.i64 == 0 ? "bool:false" : value.i64 == 1 ? "bool:true" : "bool:?";
	case ValueKind::int16: return "int2:" + std::to_string(value.i64);
	case ValueKind::int32: return "int4:" + std::to_string(value.i64);
	case ValueKind::int64: return "int8:" + std::to_string(value.i64);
	case ValueKind::float32: return "float4:" + Hexadecimal(value.f32);
	case ValueKind::float64: return "float8:" + Hexadecimal(value.f64);
	case ValueKind::date: return "date:" + std::to_string(value.i64);
	case ValueKind::time: return "time:" + std::to_string(value.i64);
	case ValueKind::timestamp: return "timestamp:" + std::to_string(value.i64);
	case ValueKind::decimal: return "decimal:" + std::to_string(value.i64) + "/" + std::to_string(value.scale);
	case ValueKind::interval: return "interval:" + std::to_string(value.i64);
	case ValueKind::varlena: return "varlena:" + Escape(value.text());
	case ValueKind::varlena_lz4: return "lz4:" + std::to_string(value.raw_size) + ":" + Escape(value.text());
	case ValueKind::uuid: return "uuid:" + Escape(value.text());
	case ValueKind::bits: return "bits:" + std::to_string(value.bit_count) + ":" + Escape(value.text());
	case ValueKind::input: return "input:" + Escape(value.text());
	}
	return "?";
}

std::string Convert(const std::string &source, std::string_view literal, const std::string &target,
					const ColumnPolicy &policy, bool counted) {
	const SourceType source_type = ParseSourceType(source, "", "");
	const TargetType target_type = Target(target);
	Conversion conversion;
	try {
		conversion = ChooseConversion(source_type, target_type, policy);
	} catch (const Error &error) {
		return std::string("!") + CodeName(error.code());
	}
	Cells cells;
	Arena arena;
	Value value{};
	std::vector<uint64_t> touched(CountersOf(conversion) + 1);
	JsonValidator json;
	JsonbBuilder jsonb;
	const TargetType &converted = ConvertedType(target_type, policy);
	const Code code = ConvertCell(
		conversion,
		{&source_type, &converted, touched.data(), &json, &jsonb, conversion.zone.get(), conversion.clock_change},
		touched.data(), cells.Make(source_type, literal), arena, value);
	if (code != Code::ok)
		return std::string("!") + CodeName(code);
	const uint64_t count = std::accumulate(touched.begin(), touched.end(), uint64_t{0});
	return Describe(value) + (count == 0 || !counted ? "" : " by " + std::to_string(count));
}

std::vector<std::vector<std::string>> ReadTable(const std::string &file) {
	std::ifstream in(std::string(ALKCONV_UNIT_DATA) + "/" + file);
	if (!in)
		throw std::runtime_error("could not open test data " + file);
	std::vector<std::vector<std::string>> rows;
	for (std::string line; std::getline(in, line);)
		if (!line.empty() && line[0] != '#')
			rows.push_back(Split(line, '\t'));
	return rows;
}

} // namespace alkconv::test
