// Regime: C++ (may throw, never calls Postgres)
//
// CREATE TABLE `t` (item, item, ...) options: an item begins with a column's name in backticks or with a keyword.
#include "mysql/show_create.hpp"

#include "core/expression_tree.hpp"

#include <utility>

namespace alkconv::mysql {

using core::expression::Token;
using core::expression::TokenKind;

CreateStatement::CreateStatement(std::string text) : text_(std::move(text)) {
	try {
		tokens_ = core::expression::Tokenize(text_);
	} catch (const core::expression::Refusal &) {
		return;
	}
	if (Is(0, "create") && Is(1, "table"))
		FindItems();
}

void CreateStatement::FindItems() {
	size_t open = 0;
	while (open < tokens_.size() && !IsSymbol(open, '('))
		++open;
	const size_t close = Closing(open, tokens_.size());
	Item item{open + 1, open + 1};
	while (item.end < close) {
		if (IsSymbol(item.end, '(')) {
			item.end = Closing(item.end, close) + 1;
		} else if (IsSymbol(item.end, ',')) {
			items_.push_back(item);
			item.begin = ++item.end;
		} else {
			++item.end;
		}
	}
	if (item.begin < close)
		items_.push_back({item.begin, close});
}

bool CreateStatement::Is(size_t token, std::string_view word) const {
	return token < tokens_.size() && tokens_[token].kind == TokenKind::name && tokens_[token].text == word;
}

bool CreateStatement::IsSymbol(size_t token, char symbol) const {
	return token < tokens_.size() && tokens_[token].kind == TokenKind::symbol &&
		   tokens_[token].text == std::string_view(&symbol, 1);
}

bool CreateStatement::IsIdentifier(size_t token, std::string_view name) const {
	return token < tokens_.size() && tokens_[token].kind == TokenKind::identifier && tokens_[token].text == name;
}

// The parenthesis that closes the one at `open`; `end` when none does.
size_t CreateStatement::Closing(size_t open, size_t end) const {
	size_t depth = 0;
	for (size_t i = open; i < end; ++i) {
		if (IsSymbol(i, '('))
			++depth;
		else if (IsSymbol(i, ')') && --depth == 0)
			return i;
	}
	return end;
}

// The word outside of parentheses; the item's end when it is not there.
size_t CreateStatement::Find(const Item &item, std::string_view word) const {
	for (size_t i = item.begin; i < item.end; ++i) {
		if (Is(i, word))
			return i;
		if (IsSymbol(i, '('))
			i = Closing(i, item.end);
	}
	return item.end;
}

const CreateStatement::Item *CreateStatement::Column(std::string_view name) const {
	for (const Item &item : items_)
		if (IsIdentifier(item.begin, name))
			return &item;
	return nullptr;
}

const CreateStatement::Item *CreateStatement::Constraint(std::string_view name) const {
	for (const Item &item : items_)
		if (Is(item.begin, "constraint") && IsIdentifier(item.begin + 1, name))
			return &item;
	return nullptr;
}

std::string CreateStatement::Text(size_t begin, size_t end) const {
	return begin < end ? text_.substr(tokens_[begin].begin, tokens_[end - 1].end - tokens_[begin].begin) : "";
}

std::optional<std::string> CreateStatement::InParentheses(size_t open, size_t end) const {
	if (open >= end || !IsSymbol(open, '('))
		return std::nullopt;
	const size_t close = Closing(open, end);
	return close < end ? std::make_optional(Text(open + 1, close)) : std::nullopt;
}

std::optional<std::string> CreateStatement::GenerationExpression(std::string_view column) const {
	const Item *item = Column(column);
	const size_t as = item == nullptr ? 0 : Find(*item, "as");
	return item == nullptr ? std::nullopt : InParentheses(as + 1, item->end);
}

std::optional<std::string> CreateStatement::DefaultExpression(std::string_view column) const {
	const Item *item = Column(column);
	if (item == nullptr)
		return std::nullopt;
	const size_t at = Find(*item, "default") + 1;
	if (at >= item->end)
		return std::nullopt;
	if (IsSymbol(at, '('))
		return InParentheses(at, item->end);
	if (tokens_[at].kind != TokenKind::name || !IsSymbol(at + 1, '('))
		return std::nullopt;
	const size_t close = Closing(at + 1, item->end);
	return close < item->end ? std::make_optional(Text(at, close + 1)) : std::nullopt;
}

std::optional<Token> CreateStatement::DefaultLiteral(std::string_view column) const {
	const Item *item = Column(column);
	const size_t at = item == nullptr ? 0 : Find(*item, "default") + 1;
	if (item == nullptr || at >= item->end ||
		(tokens_[at].kind != TokenKind::string && tokens_[at].kind != TokenKind::bytes))
		return std::nullopt;
	return tokens_[at];
}

std::optional<std::string> CreateStatement::Check(std::string_view name) const {
	const Item *item = Constraint(name);
	if (item == nullptr)
		item = Column(name);
	return item == nullptr ? std::nullopt : InParentheses(Find(*item, "check") + 1, item->end);
}

bool CreateStatement::IsWithoutOverlaps(std::string_view key) const {
	for (const Item &item : items_) {
		if (!Is(item.begin, "primary") && !Is(item.begin, "unique"))
			continue;
		const bool named = IsIdentifier(item.begin + 2, key) || (Is(item.begin, "primary") && key == "PRIMARY");
		for (size_t i = item.begin; named && i + 1 < item.end; ++i)
			if (Is(i, "without") && Is(i + 1, "overlaps"))
				return true;
	}
	return false;
}

// "ON DELETE SET NULL" gives SET NULL.
std::string CreateStatement::Action(const Item &item, std::string_view event) const {
	for (size_t i = item.begin; i + 2 < item.end; ++i) {
		if (!Is(i, "on") || !Is(i + 1, event))
			continue;
		if (Is(i + 2, "restrict"))
			return "RESTRICT";
		if (Is(i + 2, "cascade"))
			return "CASCADE";
		if (Is(i + 2, "no"))
			return "NO ACTION";
		return Is(i + 3, "default") ? "SET DEFAULT" : "SET NULL";
	}
	return "";
}

std::optional<CreateStatement::Actions> CreateStatement::ForeignKeyActions(std::string_view name) const {
	const Item *item = Constraint(name);
	if (item == nullptr || !Is(item->begin + 2, "foreign"))
		return std::nullopt;
	return Actions{Action(*item, "update"), Action(*item, "delete")};
}

} // namespace alkconv::mysql
