namespace MediaScore.Assessment.Scoring;

/// <summary>
/// Words by which structural signs are recognised, after the situation-task-action-result scheme of structured interviews (Janz 1982). Phrases of whole words in
/// lower case for English; substrings for Chinese. A language without a lexicon gets no structural part.
/// </summary>
internal sealed record StructureLexicon(
    IReadOnlyList<string> Situation, IReadOnlyList<string> Action, IReadOnlyList<string> Result, IReadOnlyList<string> Figures, IReadOnlyList<string> Reasons,
    bool WholeWords)
{
    public static StructureLexicon? For(string language) => language.Split('-')[0] switch
    {
        "en" => English,
        "zh" => Chinese,
        _ => null,
    };

    private static readonly StructureLexicon English = new(
        Situation:
        [
            "when i was", "when we", "when the", "when a", "there was", "there were", "we had", "i had", "at my", "in my last", "in my previous", "in my current", "last year",
            "last month", "last week", "at that time", "at the time", "one day", "one time", "the situation", "in this situation", "in that case", "in this case", "the problem was",
            "the problem is", "while i was", "while we", "during", "used to", "my team", "our team", "our store", "my manager", "a customer", "the customer", "the guest", "a guest",
            "the employee", "ago",
        ],
        Action:
        [
            "i would", "i'd", "i will", "i'll", "we will", "we would", "i told", "i asked", "i ask", "i went", "i go", "i decided", "i decide", "i made", "i make", "i called", "i call",
            "i checked", "i check", "i offered", "i offer", "i apologised", "i apologized", "i apologise", "i apologize", "i listened", "i listen", "i explained", "i explain", "i set",
            "i gave", "i give", "i took", "i take", "i started", "i start", "i began", "i organised", "i organized", "i planned", "i plan", "i built", "i wrote", "i talked", "i talk",
            "i spoke", "i speak", "i worked", "i led", "i created", "i changed", "i found", "i find", "i looked", "i look", "i measured", "i tested", "i tried", "i proposed", "i agreed",
            "we agreed", "we agree", "we decided", "we offer", "we offered", "we made", "we make", "we started", "we start", "we give", "we train", "we plan", "we check",
        ],
        Result:
        [
            "as a result", "in the end", "eventually", "finally", "led to", "leads to", "increased", "increase", "increases", "reduced", "reduce", "reduces", "fell from", "fell to",
            "rose", "improved", "improve", "thanks to", "turned out", "the outcome", "the result", "the results", "satisfied", "saved", "ended up", "so that", "succeeded", "successful",
            "we managed", "i managed", "achieved", "the customer was happy", "the guest was happy", "came back", "break even", "since then", "solved",
        ],
        Figures:
        [
            "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "fifteen", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty",
            "ninety", "hundred", "thousand", "million", "percent", "per cent", "half", "third", "quarter", "twice", "double", "doubled",
        ],
        Reasons:
        [
            "because", "therefore", "so that", "in order to", "since", "that is why", "that's why", "for this reason", "due to", "first", "second", "then", "after that", "next", "however",
            "although", "instead", "for example", "for instance", "if", "unless", "which means", "on the one hand", "on the other hand",
        ],
        WholeWords: true);

    private static readonly StructureLexicon Chinese = new(
        Situation: ["当时", "那时", "有一次", "去年", "上个月", "上周", "之前", "情况", "客人", "顾客", "员工", "团队", "门店", "遇到", "期间", "的时候"],
        Action: ["我会", "我先", "我去", "我就", "我把", "我让", "我和", "我与", "我跟", "我问", "我们会", "我们先", "我们把", "我决定", "我安排", "我提出", "我负责", "我制定", "我主动", "道歉", "安排", "组织", "沟通", "检查", "跟进"],
        Result: ["结果", "最后", "最终", "因此", "从而", "提高", "提升", "增加", "减少", "降低", "降到", "改善", "解决了", "成功", "满意", "达到", "完成", "保本", "带来"],
        Figures: ["一百", "两", "三", "四", "五", "六", "七", "八", "九", "十", "百分", "千", "万", "倍", "一半"],
        Reasons: ["因为", "所以", "由于", "为了", "首先", "其次", "然后", "接着", "之后", "但是", "不过", "例如", "比如", "如果", "否则", "这样", "一方面", "另一方面"],
        WholeWords: false);
}
