// Regime: C++ (may throw, never calls Postgres)
//
// By CAST, which rounds as a column does. Where the type has no cast, the value must fit as it is.
#include "core/expression_store.hpp"

namespace alkconv::core {

namespace {

StoredValue Integer(const std::string &e, bool is_unsigned, const char *low, const char *high) {
	return {"CAST(" + e + (is_unsigned ? " AS UNSIGNED)" : " AS SIGNED)"),
			e + " BETWEEN " + (is_unsigned ? "0" : low) + " AND " + high};
}

StoredValue Decimal(const std::string &e, const SourceType &type) {
	std::string largest = std::string(type.precision - type.scale, '9');
	largest += "." + std::string(type.scale, '9');
	if (type.scale == 0)
		largest.pop_back();
	if (largest.empty() || largest[0] == '.')
		largest.insert(0, "0");
	const std::string cast = " AS DECIMAL(" + std::to_string(type.precision) + "," + std::to_string(type.scale) + "))";
	const std::string value = "CAST(" + e + cast;
	return {"(CASE WHEN " + value + "=0 THEN CAST(0" + cast + " ELSE " + value + " END)", // MariaDB has a negative zero
			e + " BETWEEN " + (type.is_unsigned ? "0" : "-" + largest) + " AND " + largest};
}

StoredValue Text(const std::string &e, const SourceType &type) {
	const std::string text = "CAST(" + e + " AS CHAR)";
	const std::string fits =
		type.kind == MySqlKind::text ? "" : "CHAR_LENGTH(" + text + ")<=" + std::to_string(type.length);
	return {type.kind == MySqlKind::char_ ? "TRIM(TRAILING ' ' FROM " + text + ")" : text, fits};
}

StoredValue Bytes(const std::string &e, const SourceType &type) {
	const std::string length = std::to_string(type.length), bytes = "CAST(" + e + " AS BINARY)";
	return {type.kind == MySqlKind::binary ? "CAST(" + e + " AS BINARY(" + length + "))" : bytes,
			"LENGTH(" + bytes + ")<=" + length};
}

} // namespace

StoredValue AsStored(const std::string &e, const SourceType &type) {
	const std::string fsp = "(" + std::to_string(type.fsp) + ")";
	switch (type.kind) {
	case MySqlKind::tinyint: return Integer(e, type.is_unsigned, "-128", type.is_unsigned ? "255" : "127");
	case MySqlKind::smallint: return Integer(e, type.is_unsigned, "-32768", type.is_unsigned ? "65535" : "32767");
	case MySqlKind::mediumint:
		return Integer(e, type.is_unsigned, "-8388608", type.is_unsigned ? "16777215" : "8388607");
	case MySqlKind::int_:
		return Integer(e, type.is_unsigned, "-2147483648", type.is_unsigned ? "4294967295" : "2147483647");
	case MySqlKind::bigint:
		return Integer(e, type.is_unsigned, "-9223372036854775808",
					   type.is_unsigned ? "18446744073709551615" : "9223372036854775807");
	case MySqlKind::year: return Integer(e, true, "0", "2155");
	case MySqlKind::bit:
		return {"CAST(" + e + " AS UNSIGNED)",
				type.length >= 64 ? e + ">=0"
								  : e + " BETWEEN 0 AND " + std::to_string((uint64_t{1} << type.length) - 1)};
	case MySqlKind::decimal: return Decimal(e, type);
	case MySqlKind::double_: return {"(" + e + "+0E0)", ""};
	case MySqlKind::float_: return {"(CAST(" + e + " AS FLOAT)+0E0)", ""};
	case MySqlKind::char_:
	case MySqlKind::varchar:
	case MySqlKind::text: return Text(e, type);
	case MySqlKind::enum_:
	case MySqlKind::set:
	case MySqlKind::uuid:
	case MySqlKind::inet4:
	case MySqlKind::inet6: return {"CAST(" + e + " AS CHAR)", ""};
	case MySqlKind::binary:
	case MySqlKind::varbinary:
	case MySqlKind::blob: return Bytes(e, type);
	case MySqlKind::date: return {"CAST(" + e + " AS DATE)", ""};
	case MySqlKind::datetime:
	case MySqlKind::timestamp: return {"CAST(" + e + " AS DATETIME" + fsp + ")", ""};
	case MySqlKind::time: return {"CAST(" + e + " AS TIME" + fsp + ")", ""};
	case MySqlKind::json: return {e, ""};
	case MySqlKind::geometry:
	case MySqlKind::vector:
	case MySqlKind::unknown: break;
	}
	return {};
}

} // namespace alkconv::core
