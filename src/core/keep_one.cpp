// Regime: C++ (may throw, never calls Postgres)
//
// From left to right, without going back.
#include "core/keep_one.hpp"

#include "core/status.hpp"

#include <algorithm>

namespace alkconv::core {

namespace {

class Reader {
public:
	explicit Reader(std::string_view text) : whole_(text), rest_(text) {}

	KeepOne Read() {
		KeepOne read;
		if (Take('('))
			ReadColumns(read);
		else
			read.key = Name();
		if (Take(','))
			ReadOrder(read);
		if (!AtEnd())
			Refuse();
		return read;
	}

private:
	const std::string_view whole_;
	std::string_view rest_;

	[[noreturn]] void Refuse() const {
		throw Error(Code::invalid_option_value,
					"action keep_one does not take the argument \"" + std::string(whole_) + "\"")
			.Hint("Write KEY, or KEY, first by COLUMN, or KEY, last, where KEY is a unique index or constraint of the "
				  "target, or "
				  "columns of the source in parentheses: (a, b). Names with blanks, commas, parentheses or quotes "
				  "stand in double "
				  "quotes.");
	}

	void SkipBlanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size())); }

	bool AtEnd() {
		SkipBlanks();
		return rest_.empty();
	}

	bool Take(char c) {
		SkipBlanks();
		if (rest_.empty() || rest_.front() != c)
			return false;
		rest_.remove_prefix(1);
		return true;
	}

	std::string QuotedName() {
		std::string name;
		for (; !rest_.empty(); rest_.remove_prefix(1)) {
			if (rest_.front() == '"') {
				rest_.remove_prefix(1);
				if (rest_.empty() || rest_.front() != '"')
					return name.empty() ? (Refuse(), name) : name;
			}
			name += rest_.front();
		}
		Refuse();
	}

	std::string Name() {
		if (Take('"'))
			return QuotedName();
		const std::string name(rest_.substr(0, rest_.find_first_of(" ,()\"")));
		if (name.empty())
			Refuse();
		rest_.remove_prefix(name.size());
		return name;
	}

	void ReadColumns(KeepOne &read) {
		do
			read.columns.push_back(Name());
		while (Take(','));
		if (!Take(')'))
			Refuse();
	}

	void ReadOrder(KeepOne &read) {
		const std::string word = Name();
		if (word != "first" && word != "last")
			Refuse();
		read.last = word == "last";
		if (AtEnd())
			return;
		if (Name() != "by")
			Refuse();
		read.by = Name();
	}
};

} // namespace

std::string KeepOneName(std::string_view name) {
	if (!name.empty() && name.find_first_of(" ,()\"") == std::string_view::npos)
		return std::string(name);
	std::string quoted = "\"";
	for (const char c : name)
		quoted.append(c == '"' ? 2 : 1, c);
	return quoted + '"';
}

KeepOne ParseKeepOne(std::string_view argument) { return Reader(argument).Read(); }

} // namespace alkconv::core
