using Microsoft.ML.OnnxRuntime;

namespace MediaScore.Inference;

/// <summary>
/// The tensors of a decoder's step, allocated once: one slot a sequence, caches included. A step of N sequences is bound to the first N slots of the same
/// memory, so nothing is gathered or scattered; when a sequence leaves, the last one is moved into its slot. Not thread-safe.
/// </summary>
internal sealed class AutoregressiveSlots : IDisposable
{
    private readonly InferenceSession _session;
    private readonly int _slotCount;
    private readonly RunOptions _runOptions = new();
    private readonly OrtIoBinding?[] _bindings;
    private readonly List<OrtValue> _views = [];
    private readonly TensorSlab<long> _token;
    private readonly TensorSlab<int> _pastLength;
    private readonly TensorSlab<int> _lastFrame;
    private readonly TensorSlab<float> _lastFrameCross;
    private readonly TensorSlab<int> _capacities;
    private readonly TensorSlab<float> _logits;
    private readonly List<TensorSlab<float>> _selfCaches = [];
    private readonly List<TensorSlab<float>> _crossCaches = [];
    private readonly bool _padsLoneRow;

    /// <param name="session">A step graph; stays the caller's.</param>
    public AutoregressiveSlots(InferenceSession session, AutoregressiveLoad load)
    {
        _session = session;
        // A lone row may have to be run as two, so there are always two slots.
        _slotCount = Math.Max(load.MaxBatch, 2);
        _bindings = new OrtIoBinding?[_slotCount + 1];
        (SelfCapacity, CrossCapacity) = (load.MaxTokens, load.MaxFrames);
        var inputs = session.InputMetadata;
        _token = new("input_ids", _slotCount, [1]);
        _pastLength = new("past_length", _slotCount, []);
        _lastFrame = new("last_frame", _slotCount, []);
        _lastFrameCross = new("last_frame_cross", _slotCount, [1, inputs["last_frame_cross"].Dimensions[2]]);
        _logits = new("logits", _slotCount, [1, session.OutputMetadata["logits"].Dimensions[2]]);
        _capacities = new("", 2, []);
        (_capacities.Row(0)[0], _capacities.Row(1)[0]) = (SelfCapacity, CrossCapacity);
        for (var layer = 0; inputs.ContainsKey($"self.{layer}.key"); layer++)
        {
            foreach (var part in (ReadOnlySpan<string>)["key", "value"])
            {
                _selfCaches.Add(Cache($"self.{layer}.{part}", SelfCapacity));
                _crossCaches.Add(Cache($"cross.{layer}.{part}", CrossCapacity));
            }
        }

        _padsLoneRow = !LoneRowIsExact();

        TensorSlab<float> Cache(string name, int extent) =>
            new(name, _slotCount, [inputs[name].Dimensions[1], extent, inputs[name].Dimensions[3]]);
    }

    public int SelfCapacity { get; }

    public int CrossCapacity { get; }

    /// <summary>Logits of the last step.</summary>
    public ReadOnlySpan<float> Logits(int slot) => _logits.Row(slot);

    /// <summary>Token that the next step reads in a slot.</summary>
    public void SetToken(int slot, int token) => _token.Row(slot)[0] = token;

    /// <summary>Moves a slot on by the token just read.</summary>
    public void Advance(int slot) => _pastLength.Row(slot)[0]++;

    /// <summary>Gives a slot to a new sequence.</summary>
    /// <param name="cross">Keys and values of cross attention, <c>[caches, heads, frames, head width]</c>.</param>
    public void Join(int slot, ReadOnlySpan<float> cross, int frameCount, int startToken)
    {
        _pastLength.Row(slot)[0] = 0;
        _lastFrame.Row(slot)[0] = frameCount - 1;
        SetToken(slot, startToken);
        var last = _lastFrameCross.Row(slot);
        foreach (var cache in _crossCaches)
        {
            var (heads, headWidth) = (cache.RowShape[0], cache.RowShape[2]);
            for (var head = 0; head < heads; head++)
            {
                var used = frameCount * headWidth;
                cross[..used].CopyTo(cache.Row(slot)[(head * CrossCapacity * headWidth)..]);
                cross.Slice(used - headWidth, headWidth).CopyTo(last);
                cross = cross[used..];
                last = last[headWidth..];
            }
        }
    }

    /// <summary>Moves a sequence to a slot that became free; only what it uses of its caches is copied.</summary>
    public void Move(int from, int to)
    {
        var (tokenCount, frameCount) = (_pastLength.Row(from)[0], _lastFrame.Row(from)[0] + 1);
        _token.Row(from).CopyTo(_token.Row(to));
        _pastLength.Row(from).CopyTo(_pastLength.Row(to));
        _lastFrame.Row(from).CopyTo(_lastFrame.Row(to));
        _lastFrameCross.Row(from).CopyTo(_lastFrameCross.Row(to));
        foreach (var cache in _selfCaches)
            CopyUsed(cache, from, to, tokenCount);
        foreach (var cache in _crossCaches)
            CopyUsed(cache, from, to, frameCount);
    }

    /// <summary>Steps the sequences in the first <paramref name="count"/> slots.</summary>
    public void Run(int count)
    {
        if (count == 1 && _padsLoneRow)
        {
            // Any valid row will do. It writes to the first place of a slot that nobody holds.
            (_token.Row(1)[0], _pastLength.Row(1)[0], _lastFrame.Row(1)[0]) = (_token.Row(0)[0], 0, 0);
            _lastFrameCross.Row(0).CopyTo(_lastFrameCross.Row(1));
            count = 2;
        }

        RunFirst(count);
    }

    public void Dispose()
    {
        foreach (var binding in _bindings)
            binding?.Dispose();
        foreach (var view in _views)
            view.Dispose();
        _views.Clear();
        _runOptions.Dispose();
        _token.Dispose();
        _pastLength.Dispose();
        _lastFrame.Dispose();
        _lastFrameCross.Dispose();
        _capacities.Dispose();
        _logits.Dispose();
        _selfCaches.ForEach(cache => cache.Dispose());
        _crossCaches.ForEach(cache => cache.Dispose());
    }

    private void RunFirst(int count) => _session.RunWithBinding(_runOptions, _bindings[count] ??= Bind(count));

    /// <summary>
    /// Does this processor's kernel for one row round as the one for many? Asked of the graph itself, on made-up keys, because it differs between processors;
    /// where they agree, a lone row needs no neighbour and is 13 to 20 % cheaper. Also warms the graph.
    /// </summary>
    private bool LoneRowIsExact()
    {
        const int frameCount = 7;
        const int stepCount = 3;
        var random = new Random(1);
        var cross = new float[_crossCaches.Sum(cache => cache.RowShape[0] * frameCount * cache.RowShape[2])];
        foreach (ref var value in cross.AsSpan())
            value = random.NextSingle() - 0.5f;

        var together = Trial(2);
        return Trial(1).AsSpan().SequenceEqual(together);

        float[] Trial(int count)
        {
            var logits = new List<float>();
            for (var slot = 0; slot < count; slot++)
                Join(slot, cross, frameCount, startToken: 1);
            for (var step = 0; step < stepCount; step++)
            {
                RunFirst(count);
                logits.AddRange(_logits.Row(0));
                for (var slot = 0; slot < count; slot++)
                {
                    SetToken(slot, TokenChooser.Choose(_logits.Row(slot)).Id);
                    Advance(slot);
                }
            }

            return [.. logits];
        }
    }

    private OrtIoBinding Bind(int count)
    {
        var binding = _session.CreateIoBinding();
        binding.BindInput(_token.Name, View(_token, count));
        binding.BindInput(_pastLength.Name, View(_pastLength, count));
        binding.BindInput(_lastFrame.Name, View(_lastFrame, count));
        binding.BindInput(_lastFrameCross.Name, View(_lastFrameCross, count));
        binding.BindInput("self_capacity", Keep(_capacities.ScalarView(0)));
        binding.BindInput("cross_capacity", Keep(_capacities.ScalarView(1)));
        binding.BindOutput(_logits.Name, View(_logits, count));
        foreach (var cache in _selfCaches.Concat(_crossCaches))
        {
            // The same memory in and out: the step writes one place of it.
            var view = View(cache, count);
            binding.BindInput(cache.Name, view);
            binding.BindOutput($"present.{cache.Name}", view);
        }

        return binding;
    }

    private OrtValue View<T>(TensorSlab<T> slab, int count)
        where T : unmanaged => Keep(slab.FirstRowsView(count));

    private OrtValue Keep(OrtValue view)
    {
        _views.Add(view);
        return view;
    }

    private static void CopyUsed(TensorSlab<float> cache, int from, int to, int used)
    {
        var (heads, extent, headWidth) = (cache.RowShape[0], cache.RowShape[1], cache.RowShape[2]);
        for (var head = 0; head < heads; head++)
            cache.Row(from).Slice(head * extent * headWidth, used * headWidth).CopyTo(cache.Row(to)[(head * extent * headWidth)..]);
    }
}
