// Regime: C++ (may throw, never calls Postgres)
//
// Messages in the style of Postgres: the primary one lower case and without a period, the hint in sentences. A hint names the rule
// that would settle the matter where there is one; otherwise the value or the target column has to change.
#include "core/fault.hpp"

#include "core/conversion_table.hpp"

#include <algorithm>

namespace alkconv::core {

namespace {

constexpr const char *kMend = "Mend the value in the source, or change the type of the target column.";
constexpr const char *kEmptyRule = " For empty strings a rule with action empty_to_null in alkconv.rule makes them "
								   "null where the target column is nullable.";

constexpr const char *kEnumRule = " For the '' that stands for no label, a rule with action transform in alkconv.rule "
								  "decides: enum_empty(null) or enum_empty(label).";

bool IsTemporal(MySqlKind kind) {
	switch (FamilyOf(kind)) {
	case Family::date:
	case Family::datetime:
	case Family::timestamp:
	case Family::time: return true;
	default: return false;
	}
}

bool IsTemporal(PgKind kind) {
	switch (kind) {
	case PgKind::date:
	case PgKind::time:
	case PgKind::timestamp:
	case PgKind::timestamptz:
	case PgKind::interval: return true;
	default: return false;
	}
}

std::string Inexact(const SourceType &source, const TargetType &target) {
	if (target.kind == PgKind::date)
		return "has a time of day, which type date would drop";
	if (IsTemporal(target.kind))
		return "has more digits of the second than type " + target.text + " keeps";
	return "cannot be stored in type " + target.text + " without rounding" +
		   (IsTemporal(source.kind) ? " or dropping a part" : "");
}

} // namespace

std::string FaultPredicate(Code code, const SourceType &source, const TargetType &target) {
	switch (code) {
	case Code::out_of_range: return "is out of range for type " + target.text;
	case Code::not_boolean: return "is not a boolean, which only 0 and 1 are";
	case Code::inexact_number: return Inexact(source, target);
	case Code::zero_date: return "is a zero date, which type " + target.text + " cannot hold";
	case Code::partial_date: return "is not a date of the calendar";
	case Code::date_out_of_range: return "is out of range for type " + target.text;
	case Code::doubtful_wall_time: return "is a wall time that its time zone did not have, or had twice";
	case Code::invalid_encoding: return "is not valid UTF-8";
	case Code::nul_in_text: return "contains U+0000, which type " + target.text + " cannot hold";
	case Code::nul_in_json: return "contains the escape \\u0000, which type " + target.text + " cannot hold";
	case Code::duplicate_member:
		return "has two members of one name in an object, of which type " + target.text + " keeps the last";
	case Code::text_too_long: return "is too long for type " + target.text;
	case Code::trailing_blanks: return "ends with blanks, which type " + target.text + " does not keep";
	case Code::bits_too_long: return "does not have the bits of type " + source.text;
	case Code::invalid_uuid: return "is not a uuid";
	case Code::empty_uuid: return "is an empty string, not a uuid";
	case Code::invalid_text:
		return FamilyOf(source.kind) == Family::shape
				   ? "is of a reference system (SRID) that type " + target.text + " does not take"
				   : "is not valid input for type " + target.text;
	case Code::code_point_beyond_byte:
		return "contains a character above U+00FF, so its characters do not stand for bytes";
	case Code::invalid_compressed: return "is not zlib, gzip or COMPRESS() data, or is damaged";
	case Code::inflated_too_large: return "holds more than 256 MB when it is inflated";
	case Code::unknown_label:
		return FamilyOf(source.kind) == Family::enum_ && target.kind != PgKind::enum_
				   ? "is not a label of " + source.text
				   : "is not a label of type " + target.text;
	case Code::value_too_large: return "is larger than 1 GB, which Postgres cannot store";
	case Code::null_for_not_null: return "is not allowed by the target column, which is NOT NULL";
	case Code::cannot_convert: return "cannot be converted to type " + target.text;
	case Code::out_of_memory: return "does not fit into memory";
	default: return "did not arrive in the form of type " + source.text;
	}
}

std::string DescribeFault(Code code, const SourceType &source, const TargetType &target) {
	return (code == Code::null_for_not_null ? "null " : "value ") + FaultPredicate(code, source, target);
}

std::string HintForPair(const SourceType &source) {
	const bool bytes = FamilyOf(source.kind) == Family::binary;
	return std::string("Change the type of the target column, or say by a rule with action expression in alkconv.rule "
					   "what becomes of a value: ") +
		   (bytes
				? "its value is \\x and the hex digits of the bytes, convert_from(value::bytea, 'UTF8') the text that "
				  "they spell (docs/rules.md)."
				: "its value is the source's value as text.");
}

std::string HintForCell(Code code, const SourceType &source, const TargetType &target, const Cell &cell) {
	const bool is_index_0 = code == Code::unknown_label && FamilyOf(source.kind) == Family::enum_ &&
							cell.kind == CellKind::bytes && cell.bytes.size == 0 &&
							std::find(source.labels.begin(), source.labels.end(), "") == source.labels.end();
	return is_index_0 ? HintForIndex0() : HintForFault(code, source, target);
}

std::string HintForIndex0() {
	return "The value has the index 0, which MySQL stores for what was no label when it was written. Mend it in the "
		   "source, or decide by a rule with action transform in alkconv.rule: enum_empty(null) or enum_empty(label).";
}

std::string HintForFault(Code code, const SourceType &source, const TargetType &target) {
	switch (code) {
	case Code::out_of_range:
		if (FamilyOf(source.kind) == Family::time)
			return "MySQL's TIME goes from -838:59:59 to 838:59:59. Mend the value in the source, or change the target "
				   "column to "
				   "interval.";
		return "Mend the value in the source, change the target column to a wider type, or take the nearest number by "
			   "a rule "
			   "with action transform and argument clamp in alkconv.rule.";
	case Code::not_boolean:
		return "Mend the value in the source, change the target column to smallint, or take all but 0 for true by a "
			   "rule with "
			   "action transform and argument tinyint_to_boolean in alkconv.rule.";
	case Code::inexact_number:
		if (target.kind == PgKind::date)
			return "Mend the value in the source, or change the target column to timestamp.";
		return "Mend the value in the source, or change the target column to a type with more digits.";
	case Code::zero_date:
		return "Mend the value in the source, where null usually says what was meant, or decide it by a rule with "
			   "action "
			   "transform in alkconv.rule: zero_date(null), zero_date(-infinity) or zero_date(YYYY-MM-DD).";
	case Code::partial_date:
		return "Mend the value in the source, or decide it by a rule with action transform in alkconv.rule: "
			   "partial_date(null) "
			   "or partial_date(first).";
	case Code::date_out_of_range: return kMend;
	case Code::doubtful_wall_time:
		return "The zone's clocks were set forward or back then. Mend the value in the source, or decide it by a rule "
			   "with action transform in alkconv.rule: wall_time(ZONE, first) reads it by the clock before the change, "
			   "wall_time(ZONE, second) by the clock after it.";
	case Code::invalid_encoding: return "Mend the value in the source, or change the target column to bytea.";
	case Code::nul_in_text:
		return "Mend the value in the source, change the target column to bytea, or decide it by a rule with action "
			   "transform in "
			   "alkconv.rule: strip_nul or replace_nul; if the characters stand for bytes, as in compressed data, "
			   "code_points_to_base64, code_points_to_bytea or inflate.";
	case Code::nul_in_json:
		return "Mend the value in the source, change the target column to json, which keeps the escape, or decide it "
			   "by a rule "
			   "with action transform in alkconv.rule: json_nul(strip), json_nul(replace) or json_nul(null).";
	case Code::duplicate_member:
		return "Mend the value in the source, change the target column to json, which keeps both, or let the last one "
			   "stay by a rule with action expression and argument value::" +
			   target.stored() + " in alkconv.rule.";
	case Code::trailing_blanks:
		return "Mend the value in the source, change the target column to character varying or text, or take the "
			   "blanks away "
			   "by a rule with action transform and argument trim_pad in alkconv.rule.";
	case Code::text_too_long:
	case Code::invalid_uuid: return "Mend the value in the source, or change the target column to text.";
	case Code::empty_uuid:
		return "A rule with action empty_to_null in alkconv.rule makes empty strings null where the target column is "
			   "nullable. "
			   "Otherwise mend the value in the source, or change the target column to text.";
	case Code::invalid_text:
		if (FamilyOf(source.kind) == Family::shape)
			return "Mend the shape or its SRID in the source, change the type of the target column, or say by a rule "
				   "with action expression in alkconv.rule which reference system it is of (shapes, docs/rules.md).";
		if (target.kind == PgKind::timestamp && FamilyOf(source.kind) == Family::text)
			return std::string("Expected is YYYY-MM-DD hh:mm:ss without a time zone. ") + kMend + kEmptyRule;
		if (target.kind == PgKind::timestamptz && FamilyOf(source.kind) == Family::text)
			return std::string("Expected is YYYY-MM-DD hh:mm:ss with a time zone such as Z or +02:00. ") + kMend +
				   " Or say of which zone its wall times are by a rule with action expression in alkconv.rule, as in "
				   "value::timestamp AT TIME ZONE 'Europe/Sofia'." +
				   kEmptyRule;
		return std::string(kMend) + kEmptyRule;
	case Code::code_point_beyond_byte:
		return "The column holds ordinary text: remove the rule with action transform from alkconv.rule, or mend the "
			   "value in the "
			   "source.";
	case Code::invalid_compressed:
		return "Mend the value in the source, or remove the rule with transform inflate from alkconv.rule.";
	case Code::inflated_too_large:
		return "Keep it compressed: with transform code_points_to_bytea, or as it is in a column of type bytea.";
	case Code::unknown_label:
		if (FamilyOf(source.kind) == Family::enum_ && target.kind != PgKind::enum_)
			return std::string(
					   "MySQL stores '' for what was no label when it was written. Mend the value in the source.") +
				   kEnumRule;
		return "Add the label with ALTER TYPE ... ADD VALUE, or mend the value in the source." +
			   std::string(FamilyOf(source.kind) == Family::enum_ ? kEnumRule : kEmptyRule);
	case Code::value_too_large:
		return "Shorten the value in the source. A rule with action skip_column in alkconv.rule leaves the whole "
			   "column "
			   "there.";
	case Code::null_for_not_null:
		return "Mend the value in the source, or drop the NOT NULL constraint of the target column.";
	case Code::cannot_convert: return HintForPair(source);
	case Code::out_of_memory: return "Free memory on the server, and run it again.";
	default: return "Please report this as a bug, with the types of the column on both sides.";
	}
}

const char *CodeName(Code code) noexcept {
	switch (code) {
	case Code::ok: return "ok";
	case Code::out_of_range: return "out_of_range";
	case Code::not_boolean: return "not_boolean";
	case Code::inexact_number: return "inexact_number";
	case Code::zero_date: return "zero_date";
	case Code::partial_date: return "partial_date";
	case Code::date_out_of_range: return "date_out_of_range";
	case Code::doubtful_wall_time: return "doubtful_wall_time";
	case Code::invalid_encoding: return "invalid_encoding";
	case Code::nul_in_text: return "nul_in_text";
	case Code::nul_in_json: return "nul_in_json";
	case Code::duplicate_member: return "duplicate_member";
	case Code::text_too_long: return "text_too_long";
	case Code::trailing_blanks: return "trailing_blanks";
	case Code::bits_too_long: return "bits_too_long";
	case Code::invalid_uuid: return "invalid_uuid";
	case Code::empty_uuid: return "empty_uuid";
	case Code::invalid_text: return "invalid_text";
	case Code::code_point_beyond_byte: return "code_point_beyond_byte";
	case Code::invalid_compressed: return "invalid_compressed";
	case Code::inflated_too_large: return "inflated_too_large";
	case Code::unknown_label: return "unknown_label";
	case Code::value_too_large: return "value_too_large";
	case Code::null_for_not_null: return "null_for_not_null";
	case Code::cannot_convert: return "cannot_convert";
	case Code::zone_unknown: return "zone_unknown";
	case Code::missing_target: return "missing_target";
	case Code::unnamed_schema: return "unnamed_schema";
	case Code::ambiguous_name: return "ambiguous_name";
	case Code::not_null_without_source: return "not_null_without_source";
	case Code::too_many_columns: return "too_many_columns";
	case Code::too_many_locks: return "too_many_locks";
	case Code::unknown_rule: return "unknown_rule";
	case Code::unknown_option: return "unknown_option";
	case Code::invalid_option_value: return "invalid_option_value";
	case Code::duplicate_object: return "duplicate_object";
	case Code::unsupported: return "unsupported";
	case Code::versions_differ: return "versions_differ";
	case Code::connection_failed: return "connection_failed";
	case Code::connection_lost: return "connection_lost";
	case Code::authentication_failed: return "authentication_failed";
	case Code::unknown_database: return "unknown_database";
	case Code::tls_refused: return "tls_refused";
	case Code::source_privilege: return "source_privilege";
	case Code::source_error: return "source_error";
	case Code::source_timeout: return "source_timeout";
	case Code::several_servers: return "several_servers";
	case Code::answer_too_large: return "answer_too_large";
	case Code::unexpected_answer: return "unexpected_answer";
	case Code::interrupted: return "interrupted";
	case Code::out_of_memory: return "out_of_memory";
	case Code::internal: return "internal";
	}
	return nullptr;
}

} // namespace alkconv::core
