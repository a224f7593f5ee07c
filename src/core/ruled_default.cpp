// Regime: C++ (may throw, never calls Postgres)
//
// The default becomes a cell as the source would send it, the column's mends change it, and what they leave is a
// literal again. An expression of a rule is computed by Postgres only: under one the default stays as it is.
#include "core/ruled_default.hpp"

#include "core/conversion_table.hpp"
#include "core/mend.hpp"
#include "core/temporal.hpp"

#include <charconv>
#include <deque>
#include <optional>

namespace alkconv::core {

namespace {

using Outcome = RuledDefault::Outcome;

template <typename Number>
bool ReadNumber(const std::string &text, Number &number) noexcept {
	const char *const end = text.data() + text.size();
	const auto [last, error] = std::from_chars(text.data(), end, number);
	return error == std::errc() && last == end;
}

// False for a literal that the source could not send, and for types of which no transform is for a default.
bool MakeCell(const SourceType &type, const std::string &literal, Cell &cell) noexcept {
	TemporalText moment;
	switch (FamilyOf(type.kind)) {
	case Family::date:
	case Family::datetime:
	case Family::timestamp:
		if (ParseTemporalText(literal, moment) != Code::ok || !moment.has_date || moment.has_zone)
			return false;
		cell.kind = CellKind::temporal;
		cell.temporal = moment.value;
		return true;
	case Family::integer:
		cell.kind = type.is_unsigned ? CellKind::uint64 : CellKind::int64;
		return type.is_unsigned ? ReadNumber(literal, cell.u64) : ReadNumber(literal, cell.i64);
	case Family::decimal:
	case Family::text:
	case Family::enum_:
	case Family::json:
	case Family::binary:
		cell.kind = CellKind::bytes;
		cell.bytes = {literal.data(), literal.size()};
		return true;
	default: return false;
	}
}

// The others know defaults in ways of their own, or none is written for them.
bool IsMend(const Transform &transform) noexcept {
	switch (transform.name) {
	case TransformName::parent_spelling:
	case TransformName::empty_to_null:
	case TransformName::wall_time:
	case TransformName::inflate:
	case TransformName::tinyint_to_boolean:
	case TransformName::code_points_to_base64:
	case TransformName::code_points_to_bytea: return false;
	default: return true;
	}
}

std::string TypedLiteral(const std::string &literal, const ColumnPlan &column) {
	return "'" + literal + "'::" + column.target_type.text;
}

// As SourceColumn::default_value has it: bytes themselves, instants without their zone.
std::string LiteralOf(const SourceType &type, const Cell &cell) {
	char text[kMaxTemporalText];
	switch (cell.kind) {
	case CellKind::bytes: return std::string(cell.text());
	case CellKind::temporal:
		return {text, type.kind == MySqlKind::date ? FormatDate(cell.temporal, text)
												   : FormatDateTime(cell.temporal, type.fsp, text)};
	default: return CanonicalText(type, cell);
	}
}

// The work of one DefaultByRules call.
class Changer {
public:
	Changer(const SourceColumn &source, const ColumnPlan &column) : column_(column) { result_.source = source; }

	RuledDefault Change(const std::string &literal) {
		if (!MakeCell(column_.source_type, literal, cell_))
			return std::move(result_);
		context_.source = &column_.source_type;
		context_.target = &column_.target_type;
		context_.zone = column_.policy.zone.get();
		bool over = false;
		for (const Transform &transform : column_.policy.transforms)
			over = over || (IsMend(transform) && Apply(transform));
		if (!over && column_.policy.empty_to_null && cell_.kind == CellKind::bytes && cell_.bytes.size == 0)
			result_.outcome = Outcome::null;
		if (result_.outcome == Outcome::literal) {
			result_.source.default_value = LiteralOf(column_.source_type, cell_);
			result_.source.default_is_expression = false;
		}
		return std::move(result_);
	}

private:
	const ColumnPlan &column_;
	RuledDefault result_;
	ConversionContext context_;
	Cell cell_{};
	Arena arena_;
	std::deque<Mend> mends_; // a changed cell may lie in one

	// Whether nothing is left for others to change.
	bool Apply(const Transform &transform) {
		Mended mended = Mended::no;
		Value value;
		const Mend &mend = mends_.emplace_back(MakeMend(transform, column_.source_type, column_.target_type));
		if (mend.function(mend, context_, cell_, arena_, value, mended) != Code::ok)
			return false;
		switch (mended) {
		case Mended::no: return false;
		case Mended::changed: result_.outcome = Outcome::literal; return false;
		case Mended::null: result_.outcome = Outcome::null; return true;
		case Mended::done: // zero_date alone ends so
			result_.outcome = Outcome::sql;
			result_.sql =
				TypedLiteral(transform.Is("-infinity") ? "-infinity" : transform.argument + " 00:00:00", column_);
			return true;
		}
		return false;
	}
};

} // namespace

RuledDefault DefaultByRules(const SourceColumn &source, const ColumnPlan &column, bool mariadb) {
	const std::optional<std::string> literal = LiteralDefault(source, mariadb);
	if (!literal || !column.policy.expression.empty()) {
		RuledDefault unchanged;
		unchanged.source = source;
		return unchanged;
	}
	return Changer(source, column).Change(*literal);
}

std::string RuleForDefault(const SourceColumn &source, bool mariadb) {
	const std::optional<std::string> literal = LiteralDefault(source, mariadb);
	Cell cell{};
	if (!literal || !MakeCell(source.type, *literal, cell) || cell.kind != CellKind::temporal)
		return "";
	switch (CheckDate(cell.temporal)) {
	case Code::zero_date: return "a rule with transform zero_date(-infinity), (YYYY-MM-DD) or (null)";
	case Code::partial_date:
		return std::string("a rule with transform partial_date") +
			   (cell.temporal.year == 0 ? "(null)" : "(first) or (null)");
	default: return "";
	}
}

} // namespace alkconv::core
