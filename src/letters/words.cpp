// Words of the letters in English, French and Arabic.
#include "letters/words.hpp"

#include "base/check.hpp"

namespace comity::letters {

namespace {

struct Line {
    Word word;
    std::string_view en;
    std::string_view fr;
    std::string_view ar;
};

constexpr Line lines[] = {
    {Word::from, "From", "De", "من"},
    {Word::to, "To", "À", "إلى"},
    {Word::date, "Date", "Date", "التاريخ"},
    {Word::case_, "Case", "Dossier", "القضية"},
    {Word::act, "Act", "Acte", "الإجراء"},
    {Word::seal, "Sealed by", "Scellé par", "خُتم من قبل"},
    {Word::approved_by, "Approved by", "Approuvé par", "وافق عليه"},
    {Word::verification, "Verification", "Vérification", "التحقق"},
    {Word::verify_how,
     "This letter prints a sealed act. Only the act counts: compare the code with the one that your "
     "own node, or the address below, shows for this case.",
     "Cette lettre imprime un acte scellé. Seul l’acte fait foi : comparez ce code avec celui que "
     "votre propre nœud, ou l’adresse ci-dessous, affiche pour ce dossier.",
     "تطبع هذه الرسالة إجراءً مختوماً. والعبرة بالإجراء وحده: قارن هذا الرمز بالرمز الذي تعرضه "
     "عقدتكم أو العنوان أدناه لهذه القضية."},
    {Word::page, "Page", "Page", "صفحة"},
    {Word::yes, "Yes", "Oui", "نعم"},
    {Word::no, "No", "Non", "لا"},
    {Word::not_stated, "Not stated", "Non indiqué", "غير مذكور"},
    {Word::accessible, "The page of this case is the accessible form of this letter.",
     "La page du dossier est la forme accessible de cette lettre.",
     "صفحة القضية هي الصيغة الميسّرة لهذه الرسالة."},
    {Word::attached, "Inside this file", "Dans ce fichier", "داخل هذا الملف"},
    {Word::custody, "Certificate of custody", "Certificat de garde", "شهادة الحيازة"},
    {Word::receipt, "Receipt", "Accusé de réception", "إيصال استلام"},
    {Word::holder, "Held by", "Détenu par", "في حيازة"},
    {Word::item, "Item", "Pièce", "العنصر"},
    {Word::since, "Since", "Depuis", "منذ"},
    {Word::until_, "Until", "Jusqu’au", "حتى"},
    {Word::under, "Under act", "En vertu de l’acte", "بموجب الإجراء"},
    {Word::destroyed, "Destroyed", "Détruit", "أُتلف"},
    {Word::number, "Number", "Numéro", "الرقم"},
    {Word::record, "Public record", "Registre public", "السجل العام"},
    {Word::keeper, "Kept by", "Tenu par", "يحفظه"},
    {Word::held, "Still held", "Encore détenu", "ما زال محفوظاً"},
    {Word::custody_of, "Who held what, when, under which act, as the acts of this case show it.",
     "Qui a détenu quoi, quand, en vertu de quel acte, d’après les actes de ce dossier.",
     "من حاز ماذا ومتى وبموجب أي إجراء، كما تبيّنه إجراءات هذه القضية."},
    {Word::received_with,
     "The node that keeps the case received this act, gave it its number and promised to record it.",
     "Le nœud qui tient le dossier a reçu cet acte, l’a numéroté et s’est engagé à l’inscrire.",
     "تسلّمت العقدة التي تحفظ القضية هذا الإجراء ورقّمته وتعهّدت بتسجيله."},
    {Word::no_form, "This act has no form.", "Cet acte n’a pas de formulaire.",
     "ليس لهذا الإجراء نموذج."},
};

} // namespace

std::string_view word(Word word, std::string_view language) {
    const std::string_view tongue = language.substr(0, language.find('-'));
    for (const auto& line : lines) {
        if (line.word != word) continue;
        if (tongue == "fr") return line.fr;
        if (tongue == "ar") return line.ar;
        return line.en;
    }
    CHECK_THAT(false);
    return {};
}

Both both(Word which, const std::array<std::string, 2>& languages) {
    return {std::string(word(which, languages[0])), std::string(word(which, languages[1]))};
}

bool right_to_left(std::string_view language) {
    const std::string_view tongue = language.substr(0, language.find('-'));
    return tongue == "ar" || tongue == "he" || tongue == "fa" || tongue == "ur";
}

} // namespace comity::letters
