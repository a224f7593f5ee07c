// Regime: C++ (may throw, never calls Postgres)
//
// Follows "Lexical structure" of both manuals, for the spellings that the servers print: no comments, no variables.
#include "core/expression_lexer.hpp"

#include "core/expression_tree.hpp"
#include "core/hex.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <array>

namespace alkconv::core::expression {

namespace {

bool IsDigit(char c) noexcept { return c >= '0' && c <= '9'; }

bool IsWord(char c) noexcept {
	return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' ||
		   static_cast<unsigned char>(c) >= 0x80;
}

char Lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// True when no ' stands without a backslash before it: then every one was escaped.
bool QuotesAreEscaped(std::string_view text) noexcept {
	bool escaped = false;
	for (const char c : text) {
		if (c == '\'' && !escaped)
			return false;
		escaped = c == '\\' && !escaped;
	}
	return !escaped;
}

std::string WithoutEscapes(std::string_view text) {
	std::string plain;
	for (size_t i = 0; i < text.size(); ++i) {
		if (text[i] == '\\')
			++i;
		plain += text[i];
	}
	return plain;
}

// The bytes that the characters stand for, or nothing when one is above U+00FF or the bytes are not UTF-8.
std::string BytesOfCharacters(std::string_view text) {
	std::string bytes;
	for (size_t i = 0; i < text.size(); ++i) {
		const auto lead = static_cast<unsigned char>(text[i]);
		if (lead < 0x80) {
			bytes += text[i];
			continue;
		}
		if ((lead != 0xC2 && lead != 0xC3) || i + 1 == text.size())
			return {};
		bytes += static_cast<char>((lead & 3) << 6 | (static_cast<unsigned char>(text[++i]) & 0x3F));
	}
	return ScanText(bytes).code == Code::ok ? bytes : std::string();
}

class Lexer {
public:
	explicit Lexer(std::string_view text) : whole_(text.size()), rest_(text) {}

	std::vector<Token> Run() {
		for (;;) {
			while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == '\t' || rest_[0] == '\n' || rest_[0] == '\r'))
				rest_.remove_prefix(1);
			if (rest_.empty())
				break;
			const size_t begin = Position();
			Next();
			tokens_.back().begin = begin;
			tokens_.back().end = Position();
		}
		tokens_.push_back({TokenKind::end, "", whole_, whole_});
		return std::move(tokens_);
	}

private:
	size_t Position() const noexcept { return whole_ - rest_.size(); }
	char At(size_t i) const noexcept { return i < rest_.size() ? rest_[i] : '\0'; }

	void Add(TokenKind kind, std::string text) { tokens_.push_back({kind, std::move(text), 0, 0}); }

	void Next() {
		const char c = rest_[0];
		if (c == '`')
			Add(TokenKind::identifier, Quoted('`'));
		else if (c == '\'')
			Add(TokenKind::string, String());
		else if ((Lower(c) == 'x' || Lower(c) == 'b') && At(1) == '\'')
			QuotedDigits(Lower(c) == 'x');
		else if (c == '0' && (At(1) == 'x' || At(1) == 'b'))
			PlainDigits(At(1) == 'x');
		else if (IsDigit(c) || (c == '.' && IsDigit(At(1))))
			Number();
		else if (IsWord(c))
			Word();
		else
			Symbol();
	}

	// Doubled quotes stand for one.
	std::string Quoted(char quote) {
		std::string text;
		for (size_t i = 1; i < rest_.size(); ++i) {
			if (rest_[i] == quote) {
				if (At(i + 1) != quote) {
					rest_.remove_prefix(i + 1);
					return text;
				}
				++i;
			}
			text += rest_[i];
		}
		throw Refusal{"a quote is not closed"};
	}

	std::string String() {
		std::string text;
		for (size_t i = 1; i < rest_.size(); ++i) {
			char c = rest_[i];
			if (c == '\'') {
				if (At(i + 1) != '\'') {
					rest_.remove_prefix(i + 1);
					return text;
				}
				++i;
			} else if (c == '\\' && i + 1 < rest_.size()) {
				c = rest_[++i];
				switch (c) {
				case '0': c = '\0'; break;
				case 'b': c = '\b'; break;
				case 'n': c = '\n'; break;
				case 'r': c = '\r'; break;
				case 't': c = '\t'; break;
				case 'Z': c = '\x1a'; break;
				case '%':
				case '_': text += '\\'; break;
				default: break;
				}
			}
			text += c;
		}
		throw Refusal{"a quote is not closed"};
	}

	void Digits(bool hex, std::string_view digits) {
		if (!hex) {
			if (digits.find_first_not_of("01") != std::string_view::npos)
				throw Refusal{"a bit literal has other digits than 0 and 1"};
			Add(TokenKind::bits, std::string(digits));
			return;
		}
		std::string bytes;
		std::string even(digits.size() % 2, '0');
		even += digits;
		for (size_t i = 0; i < even.size(); i += 2) {
			const int high = HexValue(even[i]), low = HexValue(even[i + 1]);
			if (high < 0 || low < 0)
				throw Refusal{"a hex literal has other digits than 0 to F"};
			bytes += static_cast<char>(high << 4 | low);
		}
		Add(TokenKind::bytes, std::move(bytes));
	}

	void QuotedDigits(bool hex) {
		rest_.remove_prefix(1);
		Digits(hex, Quoted('\''));
	}

	void PlainDigits(bool hex) {
		size_t end = 2;
		while (IsWord(At(end)))
			++end;
		Digits(hex, rest_.substr(2, end - 2));
		rest_.remove_prefix(end);
	}

	void Number() {
		size_t end = 0;
		while (IsDigit(At(end)))
			++end;
		if (At(end) == '.')
			for (++end; IsDigit(At(end));)
				++end;
		if (Lower(At(end)) == 'e') {
			size_t exponent = end + 1;
			if (At(exponent) == '+' || At(exponent) == '-')
				++exponent;
			if (!IsDigit(At(exponent)))
				throw Refusal{"a number has no digits in its exponent"};
			while (IsDigit(At(exponent)))
				++exponent;
			end = exponent;
		}
		if (IsWord(At(end)))
			throw Refusal{"a name begins with a digit"};
		Add(TokenKind::number, std::string(rest_.substr(0, end)));
		rest_.remove_prefix(end);
	}

	void Word() {
		size_t end = 0;
		while (IsWord(At(end)))
			++end;
		std::string text(rest_.substr(0, end));
		std::transform(text.begin(), text.end(), text.begin(), Lower);
		Add(TokenKind::name, std::move(text));
		rest_.remove_prefix(end);
	}

	void Symbol() {
		constexpr std::array<std::string_view, 12> kLong{
			"<=>", "->>", "<=", ">=", "<>", "!=", "<<", ">>", "&&", "||", "->", ":="};
		for (const std::string_view symbol : kLong)
			if (rest_.substr(0, symbol.size()) == symbol) {
				Add(TokenKind::symbol, std::string(symbol));
				rest_.remove_prefix(symbol.size());
				return;
			}
		if (std::string_view("=<>+-*/%&|^~!(),.").find(rest_[0]) == std::string_view::npos)
			throw Refusal{"the character with code " + std::to_string(rest_[0]) + " is not understood"};
		Add(TokenKind::symbol, std::string(1, rest_[0]));
		rest_.remove_prefix(1);
	}

	const size_t whole_;
	std::string_view rest_;
	std::vector<Token> tokens_;
};

} // namespace

std::string PlainSpelling(std::string_view expression, bool mariadb) {
	if (mariadb)
		return std::string(expression);
	std::string plain = QuotesAreEscaped(expression) ? WithoutEscapes(expression) : std::string(expression);
	std::string bytes = BytesOfCharacters(plain);
	return bytes.empty() ? plain : bytes;
}

std::vector<Token> Tokenize(std::string_view plain) {
	const Code code = ScanText(plain).code;
	if (code != Code::ok)
		throw Refusal{code == Code::nul_in_text ? "the expression contains U+0000" : "the expression is not UTF-8"};
	return Lexer(plain).Run();
}

} // namespace alkconv::core::expression
