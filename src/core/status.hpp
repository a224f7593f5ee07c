// Regime: C++ (may throw, never calls Postgres)
//
// How core and mysql say that something went wrong. A Code names the kind of fault without knowing SQLSTATEs (pg/report.cpp
// owns that table). Hot paths return a Code and are noexcept; everything else throws Error, which carries what a DBA needs:
// message, detail, hint, and the table and column it is about. Neither ever holds a password.
#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <utility>

namespace alkconv::core {

// Kinds of fault. `ok` is zero so that a Code reads as "did it fail" in hot loops.
enum class Code : uint8_t {
	ok = 0,
	// a value does not fit its target
	out_of_range,		// number beyond the target type
	not_boolean,		// integer other than 0 and 1 for boolean
	inexact_number,		// the target would round the number
	zero_date,			// 0000-00-00
	partial_date,		// 2020-00-10, or a day that the month does not have
	date_out_of_range,	// beyond what the target can hold
	doubtful_wall_time, // clocks of the zone were set forward or back: it never was, or was twice
	invalid_encoding,	// bytes that are not UTF-8
	nul_in_text,		// U+0000 for a text type
	nul_in_json,		// \u0000 escape for jsonb
	duplicate_member,	// two members of one name for jsonb, which keeps the last
	text_too_long,		// more characters than varchar(n)/char(n)
	trailing_blanks,	// blanks at the end for char(n), which means nothing by them
	bits_too_long,		// bit string of another length
	invalid_uuid,
	empty_uuid,				// '' for uuid and no rule that says what to do
	invalid_text,			// text that the target's own syntax refuses
	code_point_beyond_byte, // code_points_to_*: a code point above U+00FF
	invalid_compressed,		// inflate: no compressed data, or damaged
	inflated_too_large,		// inflate: more than is safe
	unknown_label,			// enum label that the target type lacks
	value_too_large,		// beyond 1 GB
	null_for_not_null,
	cannot_convert, // no conversion between these two types
	zone_unknown,	// nobody says of which zone wall times are
	// the plan
	missing_target, // source table or column without a target
	unnamed_schema, // tables would be created where nobody said
	ambiguous_name,
	not_null_without_source, // target column NOT NULL, no default, no source column
	too_many_columns,		 // more than a table of Postgres has
	too_many_locks,			 // more relations than the server can lock at once
	unknown_rule,
	unknown_option,
	invalid_option_value,
	duplicate_object,
	unsupported,
	versions_differ, // of the application's schema, on both sides
	// the source server
	connection_failed,
	connection_lost, // in mid-work: never an end of data
	authentication_failed,
	unknown_database,
	tls_refused, // TLS asked for and not to be had as asked
	source_privilege,
	source_error, // any other error the server reports
	source_timeout,
	several_servers,   // connections to one address reach different servers
	answer_too_large,  // more than the source's answer to that question can be
	unexpected_answer, // an answer of another shape than the question's
	interrupted,	   // we asked it to stop
	// ourselves
	out_of_memory,
	internal,
};

// Is the fault a value's, so that without it, or with its row left out, the rest would convert?
constexpr bool IsOfValue(Code code) noexcept { return code > Code::ok && code < Code::cannot_convert; }

// The exception of the C++ regime. Ends at pg::edge, which turns it into an ereport with the fields below.
class Error : public std::exception {
public:
	Error(Code code, std::string message) : code_(code), message_(std::move(message)) {}

	Error &Detail(std::string detail) & {
		detail_ = std::move(detail);
		return *this;
	}
	Error &&Detail(std::string detail) && {
		detail_ = std::move(detail);
		return std::move(*this);
	}
	Error &Hint(std::string hint) & {
		hint_ = std::move(hint);
		return *this;
	}
	Error &&Hint(std::string hint) && {
		hint_ = std::move(hint);
		return std::move(*this);
	}
	// Names the place; shows as the TABLE NAME and COLUMN NAME fields of the error.
	Error &&At(std::string table, std::string column = "") && {
		table_ = std::move(table);
		column_ = std::move(column);
		return std::move(*this);
	}

	const char *what() const noexcept override { return message_.c_str(); }
	Code code() const noexcept { return code_; }
	const std::string &message() const noexcept { return message_; }
	const std::string &detail() const noexcept { return detail_; }
	const std::string &hint() const noexcept { return hint_; }
	const std::string &table() const noexcept { return table_; }
	const std::string &column() const noexcept { return column_; }

private:
	Code code_;
	std::string message_, detail_, hint_, table_, column_;
};

} // namespace alkconv::core
